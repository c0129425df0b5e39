package dev.gnomon.kernel.socket;

import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.UserBuffer;

/** What one call sends or receives. One object serves all calls of a host, one after the other. */
public final class SocketMessage {
    /** Source: {@code SCM_MAX_FD} of {@code include/net/scm.h}. */
    public static final int MAXIMUM_RIGHTS = 253;

    private final SocketAddress address = new SocketAddress();
    private final ControlMessages control = new ControlMessages();
    private UserBuffer data;
    private GuestThread caller;
    private int flags;
    private int resultFlags;
    private OpenFile[] rights;
    private boolean hasCredentials;
    private int processId;
    private int userId;
    private int groupId;

    /** Starts anew, without address, rights and credentials. */
    public SocketMessage begin(GuestThread callingThread, UserBuffer buffer, int callFlags) {
        caller = callingThread;
        data = buffer;
        flags = callFlags;
        resultFlags = 0;
        rights = null;
        hasCredentials = false;
        address.length(0);
        control.begin(0);
        return this;
    }

    /** Sending: the destination, of length 0 for none. Receiving: filled with the sender's address. */
    public SocketAddress address() {
        return address;
    }

    /** Receiving: where control messages other than rights go. */
    public ControlMessages control() {
        return control;
    }

    public UserBuffer data() {
        return data;
    }

    /** Who makes the call; null where the engine itself does. */
    public GuestThread caller() {
        return caller;
    }

    public GuestProcess process() {
        return caller != null ? caller.process() : null;
    }

    /** The MSG_ flags of the call. */
    public int flags() {
        return flags;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The MSG_ flags that {@code recvmsg(2)} gives back. */
    public int resultFlags() {
        return resultFlags;
    }

    public void addResultFlags(int bits) {
        resultFlags |= bits;
    }

    /**
     * Sending: the files of SCM_RIGHTS, borrowed. Receiving: files that the caller now holds a reference to each. Null
     * for none.
     */
    public OpenFile[] rights() {
        return rights;
    }

    public void rights(OpenFile[] files) {
        rights = files;
    }

    /** Whether SCM_CREDENTIALS was given. */
    public boolean hasCredentials() {
        return hasCredentials;
    }

    public void credentials(int newProcessId, int newUserId, int newGroupId) {
        hasCredentials = true;
        processId = newProcessId;
        userId = newUserId;
        groupId = newGroupId;
    }

    public int processId() {
        return processId;
    }

    public int userId() {
        return userId;
    }

    public int groupId() {
        return groupId;
    }
}
