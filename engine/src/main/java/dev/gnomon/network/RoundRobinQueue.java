package dev.gnomon.network;

/** One packet of each flow in turn; a flow that has waited longest without a turn comes first. */
final class RoundRobinQueue implements QueueDiscipline {
    private PacketFlow first;
    private PacketFlow last;
    private int size;

    @Override
    public void add(Packet packet) {
        PacketFlow flow = packet.flow;
        if (flow.lastWaiting == null) {
            flow.firstWaiting = packet;
            flow.lastWaiting = packet;
            append(flow);
        } else {
            flow.lastWaiting.nextInQueue = packet;
            flow.lastWaiting = packet;
        }
        size++;
    }

    @Override
    public Packet remove() {
        PacketFlow flow = first;
        if (flow == null) {
            return null;
        }
        first = flow.nextActive;
        flow.nextActive = null;
        if (first == null) {
            last = null;
        }
        Packet packet = flow.firstWaiting;
        flow.firstWaiting = packet.nextInQueue;
        packet.nextInQueue = null;
        if (flow.firstWaiting == null) {
            flow.lastWaiting = null;
        } else {
            append(flow);
        }
        size--;
        return packet;
    }

    private void append(PacketFlow flow) {
        if (last == null) {
            first = flow;
        } else {
            last.nextActive = flow;
        }
        last = flow;
    }

    @Override
    public int size() {
        return size;
    }
}
