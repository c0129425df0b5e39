package dev.gnomon.guest;

/** Whether a guest's start serves the starts of others with the same program, arguments and environment. */
public enum Preparation {
    /** It serves nobody, and does not stop at its entry point. */
    NONE,

    /**
     * It stops at its entry point, and until then tells of every call, also of those that its own kernel answers, so that the
     * engine can judge whether all that happens until there is the same for every host. See {@link
     * EntryPoint#captureImage}.
     */
    WATCHED,

    /** It stops at its entry point, where it may be copied. See {@link EntryPoint#copy}. */
    COPIED
}
