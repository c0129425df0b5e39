package dev.gnomon.kernel;

import dev.gnomon.guest.GuestObject;
import dev.gnomon.guest.GuestProcessHandle;
import java.util.Arrays;

/**
 * The emulated descriptors of one process. Numbers that are not here belong to the guest's own kernel. Every change is
 * told to the guest's side, which decides by it which calls cross.
 */
public final class DescriptorTable {
    /** Numbers that can be emulated: the map in the process record has a bit for each. */
    public static final int LIMIT = 32_768;

    private final GuestProcessHandle handle;
    private final ShownObjects shownObjects;
    private OpenFile[] files = new OpenFile[16];
    private boolean[] closeOnExec = new boolean[16];
    private int highest = -1;

    public DescriptorTable(GuestProcessHandle handle, ShownObjects shownObjects) {
        this.handle = handle;
        this.shownObjects = shownObjects;
    }

    /** The object, for a call on it; null where the number is not emulated. */
    public OpenFile get(int descriptor) {
        OpenFile file = descriptor >= 0 && descriptor <= highest ? files[descriptor] : null;
        if (file != null) {
            // Whatever the call does to it.
            file.changed();
        }
        return file;
    }

    /** What the guest is shown of an object that is about to get a number; null for nothing. */
    public GuestObject objectOf(OpenFile file) {
        return shownObjects.objectOf(file, handle);
    }

    /** One more than the highest emulated number. */
    public int end() {
        return highest + 1;
    }

    public boolean isCloseOnExec(int descriptor) {
        return closeOnExec[descriptor];
    }

    public void closeOnExec(int descriptor, boolean value) {
        closeOnExec[descriptor] = value;
    }

    /** Enters an object under a number that the guest's kernel has given out; what stood there is released. */
    public void set(int descriptor, OpenFile file, boolean closesOnExec) {
        if (descriptor < 0 || descriptor >= LIMIT) {
            throw new IllegalArgumentException(
                    "descriptor out of range: descriptor=" + descriptor + ", limit=" + LIMIT);
        }
        file.acquire();
        if (descriptor >= files.length) {
            int length = Math.min(LIMIT, Math.max(descriptor + 1, files.length * 2));
            files = Arrays.copyOf(files, length);
            closeOnExec = Arrays.copyOf(closeOnExec, length);
        }
        OpenFile before = files[descriptor];
        files[descriptor] = file;
        closeOnExec[descriptor] = closesOnExec;
        highest = Math.max(highest, descriptor);
        handle.showDescriptor(descriptor, objectOf(file));
        if (before != null) {
            descriptorClosed(descriptor, before);
        }
    }

    /** Forgets a number. Returns whether it was emulated. */
    public boolean remove(int descriptor) {
        OpenFile file = get(descriptor);
        if (file == null) {
            return false;
        }
        files[descriptor] = null;
        while (highest >= 0 && files[highest] == null) {
            highest--;
        }
        handle.hideDescriptor(descriptor);
        descriptorClosed(descriptor, file);
        return true;
    }

    private void descriptorClosed(int descriptor, OpenFile file) {
        file.release();
    }

    /** Enters everything of {@code parent} here, as {@code fork(2)} does. */
    public void inherit(DescriptorTable parent) {
        for (int descriptor = 0; descriptor < parent.end(); descriptor++) {
            OpenFile file = parent.files[descriptor];
            if (file != null) {
                set(descriptor, file, parent.closeOnExec[descriptor]);
            }
        }
    }

    /** Closes what {@code execve(2)} closes. */
    public void closeForExec() {
        for (int descriptor = highest; descriptor >= 0; descriptor--) {
            if (files[descriptor] != null && closeOnExec[descriptor]) {
                remove(descriptor);
            }
        }
    }

    public void closeAll() {
        for (int descriptor = 0; descriptor < end(); descriptor++) {
            remove(descriptor);
        }
    }
}
