package dev.gnomon.kernel;

import dev.gnomon.guest.GuestObject;
import dev.gnomon.guest.GuestProcessHandle;
import java.util.Arrays;

/**
 * The objects of one host that its guests see, and answer calls on: which have changed since they were last shown. What is
 * shown must be true whenever a guest runs, so everything that changes an object says so.
 */
public final class ShownObjects {
    private OpenFile[] changed = new OpenFile[8];
    private int count;

    /** What guests are shown of a file, from now on if not before; null where there is nothing to show, or no room. */
    GuestObject objectOf(OpenFile file, GuestProcessHandle handle) {
        if (file.guestObject() == null && file.isShowable()) {
            GuestObject object = handle.openObject();
            if (object != null) {
                file.openGuestObject(object, this);
            }
        }
        return file.guestObject();
    }

    void add(OpenFile file) {
        if (count == changed.length) {
            changed = Arrays.copyOf(changed, count * 2);
        }
        file.listed = true;
        changed[count++] = file;
    }

    /** Shows what has changed. To be called before a guest of the host runs. */
    public void show() {
        for (int i = 0; i < count; i++) {
            OpenFile file = changed[i];
            changed[i] = null;
            file.listed = false;
            if (file.guestObject() != null) {
                file.show(file.guestObject());
            }
        }
        count = 0;
    }
}
