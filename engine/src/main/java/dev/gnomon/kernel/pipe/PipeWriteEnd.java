package dev.gnomon.kernel.pipe;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.guest.GuestObject;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.Poll;
import dev.gnomon.kernel.UserBuffer;

/** The end of a pipe that is written to. */
public final class PipeWriteEnd extends OpenFile {
    private final Pipe pipe;

    PipeWriteEnd(Pipe pipe, int statusFlags) {
        super(statusFlags);
        this.pipe = pipe;
    }

    public Pipe pipe() {
        return pipe;
    }

    @Override
    public long write(UserBuffer source) {
        return pipe.write(source, (statusFlags() & O_DIRECT) != 0);
    }

    void pipeChanged() {
        changed();
    }

    @Override
    protected boolean isShowable() {
        return true;
    }

    @Override
    protected void show(GuestObject object) {
        pipe.showWriteEnd(object, statusFlags());
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    protected void closed() {
        pipe.writersGone();
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
        int bits = pipe.isFull() ? 0 : Poll.OUT | Poll.WRNORM;
        return pipe.hasReaders() ? bits : bits | Poll.ERR;
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
