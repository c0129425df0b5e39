package dev.gnomon.network;

/** The order in which an interface sends what waits. */
interface QueueDiscipline {
    void add(Packet packet);

    /** Takes the next packet out, or answers null where none waits. */
    Packet remove();

    /** How many packets wait. */
    int size();
}
