package dev.gnomon.call;

/** What a call that blocks in the middle has done so far; attached to its context. */
final class Progress {
    long bytes;
    int messages;
    long offset;

    /** The call's progress; made at the first asking. */
    static Progress of(CallContext context) {
        if (context.attachment() instanceof Progress progress) {
            return progress;
        }
        Progress progress = new Progress();
        context.attach(progress);
        return progress;
    }

    /** Bytes done by earlier invocations of the same call. */
    static long bytesOf(CallContext context) {
        return context.attachment() instanceof Progress progress ? progress.bytes : 0;
    }
}
