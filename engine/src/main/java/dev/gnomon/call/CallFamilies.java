package dev.gnomon.call;

/** All system calls that are supported, family by family. */
public final class CallFamilies {
    private CallFamilies() {}

    /** @param starter makes what runs a new thread */
    public static SystemCallTable all(SpawnCalls.ThreadStarter starter) {
        SystemCallTable table = new SystemCallTable();
        new NativeCalls().register(table);
        new PathCalls().register(table);
        new DescriptorCalls().register(table);
        new SpawnCalls(starter).register(table);
        new ExecCalls().register(table);
        new ProcessCalls().register(table);
        new SignalCalls().register(table);
        new FutexCalls().register(table);
        new TimeCalls().register(table);
        new IdentityCalls().register(table);
        new ResourceCalls().register(table);
        new ProcessControlCalls().register(table);
        new ReadWriteCalls().register(table);
        new FileObjectCalls().register(table);
        new PipeCalls().register(table);
        new EventCalls().register(table);
        new PollCalls().register(table);
        new SpliceCalls().register(table);
        new SocketCalls().register(table);
        new MessageCalls().register(table);
        return table;
    }
}
