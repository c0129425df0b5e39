package dev.gnomon.call;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Questions about descriptors that the guest's own kernel keeps: regular files, directories, {@code /dev/null}. */
final class NativeDescriptors {
    private NativeDescriptors() {}

    static Path path(CallContext context, int descriptor) {
        return Path.of("/proc/" + context.channel().machineProcessId() + "/fd/" + descriptor);
    }

    /** Whether the number is open in the calling process; it is known not to be emulated. */
    static boolean isOpen(CallContext context, int descriptor) {
        return descriptor >= 0 && Files.exists(path(context, descriptor), LinkOption.NOFOLLOW_LINKS);
    }
}
