package dev.gnomon.network.tcp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes {@code struct tcp_info} of {@code include/uapi/linux/tcp.h}, as far as {@code tcpi_rcv_wnd}. */
final class TcpInformation {
    static final int SIZE = 232;

    private static final int STATE_OFFSET = 0;
    private static final int RECOVERY_OFFSET = 1;
    private static final int PROBES_OFFSET = 3;
    private static final int BACKOFF_OFFSET = 4;
    private static final int OPTIONS_OFFSET = 5;
    private static final int SCALES_OFFSET = 6;
    private static final int TIMEOUT_OFFSET = 8;
    private static final int DELAYED_ACK_OFFSET = 12;
    private static final int SEND_SEGMENT_OFFSET = 16;
    private static final int RECEIVE_SEGMENT_OFFSET = 20;
    private static final int UNACKNOWLEDGED_OFFSET = 24;
    private static final int SACKED_OFFSET = 28;
    private static final int LOST_OFFSET = 32;
    private static final int RESENT_OFFSET = 36;
    private static final int LAST_DATA_SENT_OFFSET = 44;
    private static final int LAST_DATA_RECEIVED_OFFSET = 52;
    private static final int LAST_ACK_RECEIVED_OFFSET = 56;
    private static final int PATH_MTU_OFFSET = 60;
    private static final int ROUND_TRIP_OFFSET = 68;
    private static final int VARIATION_OFFSET = 72;
    private static final int THRESHOLD_OFFSET = 76;
    private static final int WINDOW_OFFSET = 80;
    private static final int ADVERTISED_SEGMENT_OFFSET = 84;
    private static final int REORDERING_OFFSET = 88;
    private static final int RECEIVE_ROUND_TRIP_OFFSET = 92;
    private static final int RECEIVE_SPACE_OFFSET = 96;
    private static final int TOTAL_RESENT_OFFSET = 100;
    private static final int PACING_RATE_OFFSET = 104;
    private static final int MAXIMUM_PACING_RATE_OFFSET = 112;
    private static final int BYTES_ACKNOWLEDGED_OFFSET = 120;
    private static final int BYTES_RECEIVED_OFFSET = 128;
    private static final int SEGMENTS_OUT_OFFSET = 136;
    private static final int SEGMENTS_IN_OFFSET = 140;
    private static final int NOT_SENT_OFFSET = 144;
    private static final int MINIMUM_ROUND_TRIP_OFFSET = 148;
    private static final int DATA_SEGMENTS_IN_OFFSET = 152;
    private static final int DATA_SEGMENTS_OUT_OFFSET = 156;
    private static final int DELIVERED_OFFSET = 192;
    private static final int BYTES_SENT_OFFSET = 200;
    private static final int BYTES_RESENT_OFFSET = 208;
    private static final int REORDERING_SEEN_OFFSET = 220;
    private static final int EARLY_SEGMENTS_OFFSET = 224;
    private static final int SEND_WINDOW_OFFSET = 228;

    private static final int OPTION_TIMESTAMPS = 1;
    private static final int OPTION_SACK = 2;
    private static final int OPTION_WINDOW_SCALE = 4;

    private TcpInformation() {}

    static int write(TcpEndpoint socket, byte[] target, int offset, int length) {
        TcpListener listener = socket.listener();
        TcpSender sender = socket.sender();
        TcpReceiver receiver = socket.receiver();
        byte[] whole = new byte[SIZE];
        ByteBuffer buffer = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(STATE_OFFSET, (byte) socket.state().number());
        buffer.putInt(ROUND_TRIP_OFFSET, 0);
        buffer.putLong(MAXIMUM_PACING_RATE_OFFSET, -1L);
        buffer.putInt(REORDERING_OFFSET, 3);
        if (listener != null) {
            // For a listener these two are its queue and its backlog (tcp_get_info).
            buffer.putInt(UNACKNOWLEDGED_OFFSET, listener.waiting());
            buffer.putInt(SACKED_OFFSET, listener.backlog());
        }
        if (sender != null) {
            writeSender(buffer, socket.connection, sender);
        }
        if (receiver != null) {
            writeReceiver(buffer, socket.network().nowNanos(), receiver);
        }
        int written = Math.min(Math.max(0, length), SIZE);
        System.arraycopy(whole, 0, target, offset, written);
        return written;
    }

    private static void writeSender(ByteBuffer buffer, TcpConnection connection, TcpSender sender) {
        TcpEndpoint socket = connection.socket();
        long now = connection.nowNanos();
        SenderCounters counters = sender.counters();
        RoundTripTime roundTrip = sender.roundTrip();
        Cubic congestion = sender.congestion();
        int options = (connection.timestamps().inUse() ? OPTION_TIMESTAMPS : 0)
                | (sender.sack() ? OPTION_SACK : 0)
                | (connection.handshake().peerScale() >= 0 ? OPTION_WINDOW_SCALE : 0);
        buffer.put(RECOVERY_OFFSET, (byte) sender.recovery().number());
        buffer.put(PROBES_OFFSET, (byte) sender.timer().windowProbes());
        buffer.put(BACKOFF_OFFSET, (byte) sender.timer().backoff());
        buffer.put(OPTIONS_OFFSET, (byte) options);
        buffer.put(SCALES_OFFSET, (byte) sender.window().scale());
        buffer.putInt(TIMEOUT_OFFSET, microseconds(sender.retransmissionTimeout()));
        buffer.putInt(SEND_SEGMENT_OFFSET, sender.segmentSize());
        buffer.putInt(UNACKNOWLEDGED_OFFSET, sender.board().outstanding());
        buffer.putInt(SACKED_OFFSET, sender.board().sackedOut());
        buffer.putInt(LOST_OFFSET, sender.board().lostOut());
        buffer.putInt(RESENT_OFFSET, sender.board().resentOut());
        long lastSent = sender.lastDataSent();
        buffer.putInt(LAST_DATA_SENT_OFFSET, lastSent < 0 ? 0 : milliseconds(now - lastSent));
        buffer.putInt(
                LAST_ACK_RECEIVED_OFFSET,
                milliseconds(now - connection.keepAlive().lastHeard()));
        buffer.putInt(
                PATH_MTU_OFFSET, socket.network().route(socket.remoteAddress()).maximumTransmissionUnit());
        buffer.putInt(ROUND_TRIP_OFFSET, microseconds(roundTrip.smoothed()));
        buffer.putInt(VARIATION_OFFSET, microseconds(roundTrip.variation()));
        buffer.putInt(THRESHOLD_OFFSET, congestion.threshold());
        buffer.putInt(WINDOW_OFFSET, congestion.window());
        buffer.putInt(TOTAL_RESENT_OFFSET, (int) counters.segmentsResent);
        long smoothed = roundTrip.smoothed();
        buffer.putLong(
                PACING_RATE_OFFSET,
                smoothed > 1
                        ? (long) (congestion.window() * (double) sender.segmentSize() * TcpTimes.SECOND / smoothed)
                        : -1L);
        buffer.putLong(BYTES_ACKNOWLEDGED_OFFSET, counters.bytesAcknowledged);
        buffer.putInt(SEGMENTS_OUT_OFFSET, (int) counters.segmentsSent);
        buffer.putInt(NOT_SENT_OFFSET, sender.notSentBytes());
        buffer.putInt(
                MINIMUM_ROUND_TRIP_OFFSET,
                roundTrip.minimum() == Long.MAX_VALUE ? -1 : microseconds(roundTrip.minimum()));
        buffer.putInt(DATA_SEGMENTS_OUT_OFFSET, (int) counters.segmentsSent);
        buffer.putInt(DELIVERED_OFFSET, (int) counters.segmentsDelivered);
        buffer.putLong(BYTES_SENT_OFFSET, counters.bytesSent);
        buffer.putLong(BYTES_RESENT_OFFSET, counters.bytesResent);
        buffer.putInt(REORDERING_SEEN_OFFSET, sender.board().reorderingSeen() ? 1 : 0);
        buffer.putInt(SEND_WINDOW_OFFSET, (int) sender.window().bytes());
    }

    private static void writeReceiver(ByteBuffer buffer, long now, TcpReceiver receiver) {
        buffer.put(SCALES_OFFSET, (byte) (buffer.get(SCALES_OFFSET) | receiver.scale() << 4));
        buffer.putInt(DELAYED_ACK_OFFSET, microseconds(TcpTimes.DELAYED_ACK));
        buffer.putInt(RECEIVE_SEGMENT_OFFSET, receiver.segmentGuess());
        long lastReceived = receiver.lastReceived();
        buffer.putInt(LAST_DATA_RECEIVED_OFFSET, lastReceived < 0 ? 0 : milliseconds(now - lastReceived));
        buffer.putInt(ADVERTISED_SEGMENT_OFFSET, receiver.advertisedSegment());
        buffer.putInt(RECEIVE_ROUND_TRIP_OFFSET, microseconds(receiver.roundTrip()));
        buffer.putInt(RECEIVE_SPACE_OFFSET, (int) receiver.measuredBytes());
        buffer.putLong(BYTES_RECEIVED_OFFSET, receiver.bytesReceived());
        buffer.putInt(SEGMENTS_IN_OFFSET, (int) receiver.segmentsReceived());
        buffer.putInt(DATA_SEGMENTS_IN_OFFSET, (int) receiver.dataSegmentsReceived());
        buffer.putInt(EARLY_SEGMENTS_OFFSET, (int) receiver.earlySegments());
    }

    private static int microseconds(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, nanos / 1000);
    }

    private static int milliseconds(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, nanos / TcpTimes.MILLISECOND);
    }
}
