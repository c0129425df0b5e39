package dev.gnomon.network;

/** First in, first out, whoever sent it. */
final class FifoQueue implements QueueDiscipline {
    private Packet first;
    private Packet last;
    private int size;

    @Override
    public void add(Packet packet) {
        if (last == null) {
            first = packet;
        } else {
            last.nextInQueue = packet;
        }
        last = packet;
        size++;
    }

    @Override
    public Packet remove() {
        Packet packet = first;
        if (packet != null) {
            first = packet.nextInQueue;
            packet.nextInQueue = null;
            if (first == null) {
                last = null;
            }
            size--;
        }
        return packet;
    }

    @Override
    public int size() {
        return size;
    }
}
