package dev.gnomon.limits;

/**
 * A limit of a control group that this process is in, or of one above it ({@code cgroups(7)}).
 *
 * @param file that holds the limit
 * @param limit number of tasks, or bytes
 * @param used of it, by everybody in the group; of memory, what cannot be reclaimed at once
 */
record ControlGroupLimit(String file, long limit, long used) {
    long left() {
        return Math.max(0, limit - used);
    }
}
