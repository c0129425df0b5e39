package dev.gnomon.network.tcp;

import dev.gnomon.network.Packet;

/**
 * What was received ahead of a gap: blocks of adjoining bytes in order, each a chain of payload references, and which of
 * them to report by SACK (RFC 2018, section 4).
 */
final class Reassembly {
    private static final int REPORTED_BLOCKS = 4;

    private static final class Piece {
        final byte[] array;
        final int offset;
        final int length;
        Piece next;

        Piece(byte[] array, int offset, int length) {
            this.array = array;
            this.offset = offset;
            this.length = length;
        }
    }

    private static final class Block {
        long start;
        long end;
        Piece first;
        Piece last;
        Block previous;
        Block next;
    }

    private Block first;
    private Block last;
    private final Block[] recent = new Block[REPORTED_BLOCKS];
    private int recentCount;

    boolean isEmpty() {
        return first == null;
    }

    /**
     * Keeps a range ahead of the gap.
     *
     * @return how many of the bytes were new
     */
    int insert(long start, Packet packet, int offset, int length) {
        long end = start + length;
        Block before = last;
        while (before != null && before.start > start) {
            before = before.previous;
        }
        int added = 0;
        long from = start;
        Block touched = null;
        if (before != null && before.end >= from) {
            touched = before;
            from = Math.min(end, before.end);
        }
        Block after = before == null ? first : before.next;
        while (from < end) {
            long until = after == null ? end : Math.min(end, after.start);
            if (until > from) {
                Piece piece = new Piece(packet.payload, offset + (int) (from - start), (int) (until - from));
                added += piece.length;
                touched = put(touched, before, from, until, piece);
                before = touched;
            }
            if (after == null || after.start > end) {
                break;
            }
            if (touched != null && touched.end == after.start) {
                join(touched, after);
            } else {
                touched = after;
            }
            before = touched;
            from = touched.end;
            after = touched.next;
        }
        if (touched != null) {
            if (touched.next != null && touched.next.start == touched.end) {
                join(touched, touched.next);
            }
            report(touched);
        }
        return added;
    }

    /**
     * Moves what has become in order to the program's buffer.
     *
     * @param next the offset that the in-order bytes have reached
     * @return the offset they reach now
     */
    long drain(long next, ReceiveBuffer into) {
        long reached = next;
        while (first != null && first.start <= reached) {
            Block block = first;
            long position = block.start;
            for (Piece piece = block.first; piece != null; piece = piece.next) {
                long pieceEnd = position + piece.length;
                if (pieceEnd > reached) {
                    int skip = (int) Math.max(0, reached - position);
                    into.add(piece.array, piece.offset + skip, piece.length - skip);
                    reached = pieceEnd;
                }
                position = pieceEnd;
            }
            unlink(block);
        }
        return reached;
    }

    /** How many blocks there are to report, at most four. */
    int reportedBlocks() {
        return recentCount;
    }

    /** The start of a block, the one that changed last being number 0. */
    long reportedStart(int index) {
        return recent[index].start;
    }

    long reportedEnd(int index) {
        return recent[index].end;
    }

    void clear() {
        first = null;
        last = null;
        for (int i = 0; i < recentCount; i++) {
            recent[i] = null;
        }
        recentCount = 0;
    }

    private Block put(Block extended, Block before, long from, long until, Piece piece) {
        if (extended != null && extended.end == from) {
            extended.last.next = piece;
            extended.last = piece;
            extended.end = until;
            return extended;
        }
        Block block = new Block();
        block.start = from;
        block.end = until;
        block.first = piece;
        block.last = piece;
        block.previous = before;
        block.next = before == null ? first : before.next;
        if (block.next == null) {
            last = block;
        } else {
            block.next.previous = block;
        }
        if (before == null) {
            first = block;
        } else {
            before.next = block;
        }
        return block;
    }

    private void join(Block block, Block following) {
        block.last.next = following.first;
        block.last = following.last;
        block.end = following.end;
        unlink(following);
    }

    private void unlink(Block block) {
        if (block.previous == null) {
            first = block.next;
        } else {
            block.previous.next = block.next;
        }
        if (block.next == null) {
            last = block.previous;
        } else {
            block.next.previous = block.previous;
        }
        int kept = 0;
        for (int i = 0; i < recentCount; i++) {
            if (recent[i] != block) {
                recent[kept++] = recent[i];
            }
        }
        for (int i = kept; i < recentCount; i++) {
            recent[i] = null;
        }
        recentCount = kept;
        if (kept == 0 && first != null) {
            // All that were reported are gone, but older ones are left.
            report(first);
        }
    }

    private void report(Block block) {
        int at = 0;
        while (at < recentCount && recent[at] != block) {
            at++;
        }
        if (at == recentCount) {
            if (recentCount < REPORTED_BLOCKS) {
                recentCount++;
            } else {
                at--;
            }
        }
        for (int i = at; i > 0; i--) {
            recent[i] = recent[i - 1];
        }
        recent[0] = block;
    }
}
