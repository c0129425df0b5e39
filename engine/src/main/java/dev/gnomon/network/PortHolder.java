package dev.gnomon.network;

/** What occupies a local port: a socket, or what is left of one in TIME_WAIT. */
public abstract class PortHolder extends PacketFlow {
    protected int localAddress;
    protected int localPort;
    protected boolean reuseAddress;
    protected boolean reusePort;

    PortTable.Entry portEntry;
    PortHolder nextOnPort;
    PortHolder previousOnPort;
    boolean automaticPort;

    /** Whether this is a listening socket, beside which SO_REUSEADDR does not let another bind. */
    protected abstract boolean listening();

    /** The next holder of the same port. */
    public final PortHolder nextOnPort() {
        return nextOnPort;
    }

    public final int localAddress() {
        return localAddress;
    }

    /** 0 where not bound. */
    public final int localPort() {
        return localPort;
    }
}
