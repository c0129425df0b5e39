package dev.gnomon.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Packet;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The buffers against simple models of themselves. */
class BuffersPropertyTest {
    private static byte at(long offset) {
        return (byte) (offset * 7 + (offset >> 8));
    }

    @Property(tries = 300)
    void aSendBufferGivesBackWhatWasPutIn(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SendBuffer buffer = new SendBuffer(1);
        long end = 1;
        long start = 1;
        for (int step = 0; step < 200; step++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    byte[] bytes = new byte[1 + random.nextInt(random.nextBoolean() ? 10 : 100_000)];
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = at(end + i);
                    }
                    buffer.append(bytes, 0, bytes.length);
                    end += bytes.length;
                }
                case 1 -> {
                    start += random.nextLong(end - start + 1);
                    buffer.release(start);
                }
                default -> {
                    if (end > start) {
                        long from = start + random.nextLong(end - start);
                        int length = (int) Math.min(end - from, 1 + random.nextInt(70_000));
                        Packet packet = new Packet();
                        buffer.fill(packet, from, length);
                        assertThat(packet.payloadLength).isEqualTo(length);
                        for (int i = 0; i < length; i++) {
                            if (packet.payload[packet.payloadOffset + i] != at(from + i)) {
                                throw new AssertionError("wrong byte at " + (from + i));
                            }
                        }
                    }
                }
            }
            assertThat(buffer.length()).isEqualTo((int) (end - start));
        }
    }

    @Property(tries = 300)
    void reassemblyGivesEachByteOnce(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int total = 1 + random.nextInt(3000);
        int largest = 1 + random.nextInt(200);
        Reassembly early = new Reassembly();
        ReceiveBuffer ready = new ReceiveBuffer();
        boolean[] present = new boolean[total];
        long next = 0;
        byte[] read = new byte[total];
        int readLength = 0;
        for (int step = 0; step < 100_000 && next < total; step++) {
            int from = random.nextInt(total);
            int length = Math.min(total - from, 1 + random.nextInt(largest));
            if (from + length <= next) {
                continue;
            }
            int start = (int) Math.max(from, next);
            Packet packet = new Packet();
            packet.payload = new byte[length];
            for (int i = 0; i < length; i++) {
                packet.payload[i] = at(from + i);
            }
            int added = 0;
            for (int i = start; i < from + length; i++) {
                added += present[i] ? 0 : 1;
                present[i] = true;
            }
            if (start == next && random.nextBoolean()) {
                // In order, as the receiver does it: past the blocks, into which it may reach.
                ready.add(packet.payload, start - from, from + length - start);
                next = early.drain(from + length, ready);
            } else {
                assertThat(early.insert(start, packet, start - from, from + length - start))
                        .isEqualTo(added);
            }
            for (int i = 0; i < early.reportedBlocks(); i++) {
                for (long offset = early.reportedStart(i); offset < early.reportedEnd(i); offset++) {
                    assertThat(present[(int) offset]).isTrue();
                }
                assertThat(early.reportedEnd(i) == total || !present[(int) early.reportedEnd(i)])
                        .as("blocks are whole")
                        .isTrue();
            }
            assertThat(early.reportedBlocks() == 0).isEqualTo(early.isEmpty());
            if (start <= next || random.nextInt(10) == 0) {
                next = early.drain(next, ready);
                readLength += ready.read(read, readLength, random.nextInt(total - readLength + 1), false);
                assertThat(early.reportedBlocks() == 0).isEqualTo(early.isEmpty());
            }
        }
        readLength += ready.read(read, readLength, total - readLength, false);
        assertThat(readLength).isEqualTo((int) next);
        for (int i = 0; i < readLength; i++) {
            assertThat(read[i]).isEqualTo(at(i));
        }
        assertThat(next).isEqualTo(total);
        assertThat(early.isEmpty()).isTrue();
    }

    @Property(tries = 200)
    void theScoreboardCountsAsAModelDoes(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Scoreboard board = new Scoreboard();
        int segments = 60;
        boolean[] sacked = new boolean[segments];
        int sent = 0;
        int acknowledged = 0;
        long now = 0;
        for (int step = 0; step < 300; step++) {
            now += random.nextInt(1000);
            int choice = random.nextInt(4);
            if (choice == 0 && sent < segments) {
                board.add(sent * 10L, sent * 10L + 10, now);
                sent++;
            } else if (choice == 1 && sent > acknowledged) {
                int from = acknowledged + random.nextInt(sent - acknowledged);
                int until = from + 1 + random.nextInt(sent - from);
                board.begin();
                board.sack(from * 10L, until * 10L, now, 0);
                int fresh = 0;
                for (int i = from; i < until; i++) {
                    fresh += sacked[i] ? 0 : 1;
                    sacked[i] = true;
                }
                assertThat(board.delivered()).isEqualTo(fresh);
            } else if (choice == 2 && random.nextInt(4) == 0) {
                int until = acknowledged + random.nextInt(sent - acknowledged + 1);
                board.begin();
                int fresh = 0;
                for (int i = acknowledged; i < until; i++) {
                    fresh += sacked[i] ? 0 : 1;
                }
                assertThat(board.acknowledge(until * 10L, now, 0)).isEqualTo(until - acknowledged);
                assertThat(board.delivered()).isEqualTo(fresh);
                acknowledged = until;
            } else {
                board.detectLoss(0, now);
                if (random.nextInt(10) == 0) {
                    board.markAllLost();
                    Arrays.fill(sacked, acknowledged, Math.min(segments, acknowledged + 1), false);
                    if (board.sackedOut() == 0) {
                        Arrays.fill(sacked, false);
                    }
                }
                long number = board.nextToResend();
                if (number >= 0) {
                    assertThat(sacked[(int) number])
                            .as("sacked segments are not sent again")
                            .isFalse();
                    board.resent(number, now);
                }
            }
            int sackedCount = 0;
            for (int i = acknowledged; i < sent; i++) {
                sackedCount += sacked[i] ? 1 : 0;
            }
            assertThat(board.sackedOut()).isEqualTo(sackedCount);
            assertThat(board.outstanding()).isEqualTo(sent - acknowledged);
            assertThat(board.lostOut()).isBetween(0, sent - acknowledged - sackedCount);
            assertThat(board.resentOut()).isBetween(0, sent - acknowledged - sackedCount);
            assertThat(board.inFlight()).isGreaterThanOrEqualTo(0);
        }
    }
}
