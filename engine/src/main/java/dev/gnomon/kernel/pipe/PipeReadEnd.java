package dev.gnomon.kernel.pipe;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.guest.GuestObject;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.UserBuffer;

/** The end of a pipe that is read from. */
public final class PipeReadEnd extends OpenFile {
    private final Pipe pipe;

    PipeReadEnd(Pipe pipe, int statusFlags) {
        super(statusFlags);
        this.pipe = pipe;
    }

    public Pipe pipe() {
        return pipe;
    }

    @Override
    public long read(UserBuffer destination) {
        return pipe.read(destination);
    }

    void pipeChanged() {
        changed();
    }

    void bytesTaken(int bytes) {
        consumed(bytes);
    }

    @Override
    protected boolean isShowable() {
        return true;
    }

    @Override
    protected void show(GuestObject object) {
        pipe.showReadEnd(object, statusFlags());
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    protected void closed() {
        pipe.readersGone();
    }

    @Override
    public String description() {
        return pipe.description();
    }

    @Override
    public long inode() {
        return pipe.inode();
    }

    @Override
    public int mode() {
        return Pipe.MODE;
    }

    @Override
    public int readiness() {
        int bits = pipe.isEmpty() ? 0 : Poll.IN | Poll.RDNORM;
        return pipe.hasWriters() ? bits : bits | Poll.HUP;
    }

    @Override
    public long fileControl(int command, long argument) {
        return pipe.fileControl(command, argument);
    }

    @Override
    public long control(int request, long argument, GuestMemory memory) {
        return pipe.control(request, argument, memory);
    }
}
