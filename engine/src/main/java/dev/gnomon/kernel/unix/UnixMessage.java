package dev.gnomon.kernel.unix;

import dev.gnomon.kernel.OpenFile;

/** Bytes on their way between two Unix sockets, with what travels along: {@code struct sk_buff} of {@code net/unix}. */
final class UnixMessage {
    private static final int PAGE_BYTES = 4096;
    /** What fits in the first page beside {@code struct skb_shared_info}: {@code SKB_MAX_HEAD(0)}. */
    private static final int HEAD_BYTES = 3776;

    private static final int SHARED_INFORMATION_BYTES = 320;
    private static final int BUFFER_HEADER_BYTES = 256;

    final UnixSocket sender;
    final byte[] bytes;
    final byte[] senderName;
    final int processId;
    final int userId;
    final int groupId;
    /** Each with a reference held; null for none. */
    OpenFile[] rights;
    /** The first byte that was not read. */
    int offset;

    UnixMessage(
            UnixSocket sender,
            byte[] bytes,
            OpenFile[] rights,
            byte[] senderName,
            int processId,
            int userId,
            int groupId) {
        this.sender = sender;
        this.bytes = bytes;
        this.rights = rights;
        this.senderName = senderName;
        this.processId = processId;
        this.userId = userId;
        this.groupId = groupId;
    }

    int remaining() {
        return bytes.length - offset;
    }

    /** What the message counts against its sender's SO_SNDBUF: the memory that Linux takes for it. */
    int chargedBytes() {
        return chargedBytes(bytes.length);
    }

    static int chargedBytes(int length) {
        int head = Math.min(length, HEAD_BYTES) + SHARED_INFORMATION_BYTES;
        int bucket = 512;
        while (bucket < head) {
            bucket <<= 1;
        }
        int rest = Math.max(0, length - HEAD_BYTES);
        return bucket + BUFFER_HEADER_BYTES + (rest + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }

    void dropRights() {
        if (rights != null) {
            OpenFile[] dropped = rights;
            rights = null;
            for (OpenFile file : dropped) {
                file.release();
            }
        }
    }
}
