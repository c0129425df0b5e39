package dev.gnomon.guest;

/**
 * A copy to be made of a guest, in the transfer buffer of a thread slot.
 *
 * <pre>
 *   0    +----------------------------------------------+
 *        | host (4) | page of the process record (4)    |  engine writes
 *   8    | page of the thread slot (4)                  |  engine writes
 *   12   | result (4): process id or negative errno     |  guest writes
 *   16   +----------------------------------------------+
 * </pre>
 *
 * <p>C twin: {@code native/include/gnomon/slot.h}.
 */
final class CopyDescriptor {
    static final int COPY_BYTES = 16;

    static final int HOST_OFFSET = 0;
    static final int PROCESS_PAGE_OFFSET = 4;
    static final int THREAD_PAGE_OFFSET = 8;
    static final int RESULT_OFFSET = 12;

    private CopyDescriptor() {}
}
