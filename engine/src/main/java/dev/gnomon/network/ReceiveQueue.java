package dev.gnomon.network;

/**
 * The receiving side of {@code eth0}: a rate, and the queue that forms in front of it.
 *
 * <p>A packet that finds the link idle passes at once; the sender has already spent its transmission time, so the
 * rate shows as the distance between packets. One MTU of credit keeps a sender of the same rate from queueing for the
 * rounding of a nanosecond. The queue is managed by CoDel (RFC 8289) with Shadow's parameters: target 10 ms, interval 100
 * ms, and a hard limit of 1000 packets.
 */
final class ReceiveQueue {
    static final int LIMIT_PACKETS = 1000;
    static final long TARGET_NANOS = 10_000_000L;
    static final long INTERVAL_NANOS = 100_000_000L;

    private final NetworkEnvironment environment;
    private final HostNetwork network;
    private final ExternalInterface owner;
    /** Null where each packet is delivered at once. */
    private final InterruptModeration interrupts;

    private final Rate rate;
    private final long creditNanos;
    private final Runnable linkFree = this::linkFree;

    private Packet[] packets = new Packet[16];
    private long[] arrivals = new long[16];
    private int head;
    private int size;
    private long queuedBytes;
    private long busyUntil;

    private boolean dropping;
    private long firstAboveTime;
    private long dropNext;
    private int dropCount;
    private int lastDropCount;

    ReceiveQueue(
            NetworkEnvironment environment,
            HostNetwork network,
            ExternalInterface owner,
            long bitsPerSecond,
            long interruptIntervalNanos) {
        this.environment = environment;
        this.network = network;
        this.owner = owner;
        this.interrupts = interruptIntervalNanos == 0
                ? null
                : new InterruptModeration(environment, network, owner, interruptIntervalNanos);
        this.rate = new Rate(bitsPerSecond);
        this.creditNanos = bitsPerSecond == 0 ? 0 : owner.maximumTransmissionUnit() * 8_000_000_000L / bitsPerSecond;
    }

    void arrive(Packet packet) {
        if (size == 0) {
            if (rate.unlimited() || environment.bandwidthUnlimited()) {
                deliver(packet);
                return;
            }
            if (busyUntil <= environment.nowNanos()) {
                occupy(packet);
                deliver(packet);
                return;
            }
            environment.runAt(busyUntil, linkFree);
        }
        if (size == LIMIT_PACKETS) {
            owner.packetsDroppedReceiving++;
            return;
        }
        add(packet);
    }

    private void occupy(Packet packet) {
        long from = Math.max(busyUntil, environment.nowNanos() - creditNanos);
        busyUntil = from + rate.nanosFor(packet.transmittedBytes(owner.maximumTransmissionUnit()));
    }

    private void deliver(Packet packet) {
        owner.packetsReceived++;
        owner.bytesReceived += packet.transmittedBytes(owner.maximumTransmissionUnit());
        owner.capture(environment.nowNanos(), packet);
        if (interrupts == null) {
            network.deliver(packet, owner);
        } else {
            interrupts.arrive(packet);
        }
    }

    private void linkFree() {
        Packet packet = dequeue(environment.nowNanos());
        if (packet != null) {
            occupy(packet);
        }
        if (size > 0) {
            environment.runAt(Math.max(busyUntil, environment.nowNanos()), linkFree);
        }
        if (packet != null) {
            deliver(packet);
        }
    }

    // RFC 8289, section 5.

    private boolean sojournTooLong(long arrival, long now) {
        if (now - arrival < TARGET_NANOS || queuedBytes <= owner.maximumTransmissionUnit()) {
            firstAboveTime = 0;
            return false;
        }
        if (firstAboveTime == 0) {
            firstAboveTime = now + INTERVAL_NANOS;
            return false;
        }
        return now >= firstAboveTime;
    }

    private long controlLaw(long from) {
        return from + (long) (INTERVAL_NANOS / Math.sqrt(dropCount));
    }

    private Packet dequeue(long now) {
        long arrival = arrivals[head];
        Packet packet = remove();
        boolean tooLong = sojournTooLong(arrival, now);
        if (dropping) {
            if (!tooLong) {
                dropping = false;
            }
            while (dropping && now >= dropNext) {
                owner.packetsDroppedReceiving++;
                dropCount++;
                if (size == 0) {
                    dropping = false;
                    return null;
                }
                arrival = arrivals[head];
                packet = remove();
                if (sojournTooLong(arrival, now)) {
                    dropNext = controlLaw(dropNext);
                } else {
                    dropping = false;
                }
            }
        } else if (tooLong) {
            owner.packetsDroppedReceiving++;
            if (size == 0) {
                return null;
            }
            arrival = arrivals[head];
            packet = remove();
            sojournTooLong(arrival, now);
            dropping = true;
            int recent = dropCount - lastDropCount;
            dropCount = recent > 1 && now - dropNext < 16 * INTERVAL_NANOS ? recent : 1;
            dropNext = controlLaw(now);
            lastDropCount = dropCount;
        }
        return packet;
    }

    private void add(Packet packet) {
        if (size == packets.length) {
            grow();
        }
        int at = head + size & packets.length - 1;
        packets[at] = packet;
        arrivals[at] = environment.nowNanos();
        size++;
        queuedBytes += packet.wireBytes();
    }

    private Packet remove() {
        Packet packet = packets[head];
        packets[head] = null;
        head = head + 1 & packets.length - 1;
        size--;
        queuedBytes -= packet.wireBytes();
        return packet;
    }

    private void grow() {
        Packet[] morePackets = new Packet[packets.length * 2];
        long[] moreArrivals = new long[packets.length * 2];
        for (int i = 0; i < size; i++) {
            morePackets[i] = packets[head + i & packets.length - 1];
            moreArrivals[i] = arrivals[head + i & packets.length - 1];
        }
        packets = morePackets;
        arrivals = moreArrivals;
        head = 0;
    }
}
