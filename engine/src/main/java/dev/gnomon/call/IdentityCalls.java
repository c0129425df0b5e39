package dev.gnomon.call;

import dev.gnomon.kernel.Credentials;
import dev.gnomon.network.Errno;
import java.nio.charset.StandardCharsets;

/** Who a process is and where it runs: {@code credentials(7)}, {@code uname(2)}. */
public final class IdentityCalls {
    private static final int FIELD_BYTES = 65;
    private static final int KEEP = -1;

    public void register(SystemCallTable table) {
        table.register(
                SystemCallNumber.GETUID,
                context -> unsigned(credentials(context).userId()));
        table.register(
                SystemCallNumber.GETEUID,
                context -> unsigned(credentials(context).effectiveUserId()));
        table.register(
                SystemCallNumber.GETGID,
                context -> unsigned(credentials(context).groupId()));
        table.register(
                SystemCallNumber.GETEGID,
                context -> unsigned(credentials(context).effectiveGroupId()));
        table.register(SystemCallNumber.GETRESUID, this::getUsers);
        table.register(SystemCallNumber.GETRESGID, this::getGroups);
        table.register(SystemCallNumber.SETUID, this::setUser);
        table.register(SystemCallNumber.SETGID, this::setGroup);
        table.register(
                SystemCallNumber.SETREUID,
                context -> setUsers(context, context.intArgument(0), context.intArgument(1), KEEP, true));
        table.register(
                SystemCallNumber.SETREGID,
                context -> setGroups(context, context.intArgument(0), context.intArgument(1), KEEP, true));
        table.register(
                SystemCallNumber.SETRESUID,
                context -> setUsers(
                        context, context.intArgument(0), context.intArgument(1), context.intArgument(2), false));
        table.register(
                SystemCallNumber.SETRESGID,
                context -> setGroups(
                        context, context.intArgument(0), context.intArgument(1), context.intArgument(2), false));
        table.register(
                SystemCallNumber.SETFSUID,
                context -> unsigned(credentials(context).effectiveUserId()));
        table.register(
                SystemCallNumber.SETFSGID,
                context -> unsigned(credentials(context).effectiveGroupId()));
        table.register(SystemCallNumber.GETGROUPS, this::getSupplementaryGroups);
        table.register(
                SystemCallNumber.SETGROUPS, context -> credentials(context).isPrivileged() ? 0 : -Errno.EPERM);
        table.register(SystemCallNumber.CAPGET, context -> CallOutcome.NATIVE);
        table.register(SystemCallNumber.CAPSET, context -> 0);
        table.register(SystemCallNumber.UNAME, this::uname);
        table.register(SystemCallNumber.SETHOSTNAME, context -> -Errno.EPERM);
        table.register(SystemCallNumber.SETDOMAINNAME, context -> -Errno.EPERM);
    }

    private static Credentials credentials(CallContext context) {
        return context.process().credentials();
    }

    private static long unsigned(int id) {
        return id & 0xffff_ffffL;
    }

    private static long writeThree(CallContext context, int first, int second, int third) {
        boolean written = context.memory().writeInt(context.argument(0), first)
                && context.memory().writeInt(context.argument(1), second)
                && context.memory().writeInt(context.argument(2), third);
        return written ? 0 : -Errno.EFAULT;
    }

    private long getUsers(CallContext context) {
        Credentials now = credentials(context);
        return writeThree(context, now.userId(), now.effectiveUserId(), now.savedUserId());
    }

    private long getGroups(CallContext context) {
        Credentials now = credentials(context);
        return writeThree(context, now.groupId(), now.effectiveGroupId(), now.savedGroupId());
    }

    private long setUser(CallContext context) {
        int id = context.intArgument(0);
        Credentials now = credentials(context);
        if (id == KEEP) {
            return -Errno.EINVAL;
        }
        if (now.isPrivileged()) {
            context.process().credentials(now.withUsers(id, id, id));
            return 0;
        }
        return setUsers(context, KEEP, id, KEEP, false);
    }

    private long setGroup(CallContext context) {
        int id = context.intArgument(0);
        Credentials now = credentials(context);
        if (id == KEEP) {
            return -Errno.EINVAL;
        }
        if (now.isPrivileged()) {
            context.process().credentials(now.withGroups(id, id, id));
            return 0;
        }
        return setGroups(context, KEEP, id, KEEP, false);
    }

    private static boolean isOneOf(int id, int first, int second, int third) {
        return id == KEEP || id == first || id == second || id == third;
    }

    private static long setUsers(CallContext context, int real, int effective, int saved, boolean derivesSaved) {
        Credentials now = credentials(context);
        if (!now.isPrivileged()
                && !(isOneOf(real, now.userId(), now.effectiveUserId(), now.savedUserId())
                        && isOneOf(effective, now.userId(), now.effectiveUserId(), now.savedUserId())
                        && isOneOf(saved, now.userId(), now.effectiveUserId(), now.savedUserId()))) {
            return -Errno.EPERM;
        }
        int newReal = real == KEEP ? now.userId() : real;
        int newEffective = effective == KEEP ? now.effectiveUserId() : effective;
        int newSaved = saved == KEEP ? now.savedUserId() : saved;
        if (derivesSaved && (real != KEEP || (effective != KEEP && effective != now.userId()))) {
            newSaved = newEffective;
        }
        context.process().credentials(now.withUsers(newReal, newEffective, newSaved));
        return 0;
    }

    private static long setGroups(CallContext context, int real, int effective, int saved, boolean derivesSaved) {
        Credentials now = credentials(context);
        if (!now.isPrivileged()
                && !(isOneOf(real, now.groupId(), now.effectiveGroupId(), now.savedGroupId())
                        && isOneOf(effective, now.groupId(), now.effectiveGroupId(), now.savedGroupId())
                        && isOneOf(saved, now.groupId(), now.effectiveGroupId(), now.savedGroupId()))) {
            return -Errno.EPERM;
        }
        int newReal = real == KEEP ? now.groupId() : real;
        int newEffective = effective == KEEP ? now.effectiveGroupId() : effective;
        int newSaved = saved == KEEP ? now.savedGroupId() : saved;
        if (derivesSaved && (real != KEEP || (effective != KEEP && effective != now.groupId()))) {
            newSaved = newEffective;
        }
        context.process().credentials(now.withGroups(newReal, newEffective, newSaved));
        return 0;
    }

    private long getSupplementaryGroups(CallContext context) {
        int size = context.intArgument(0);
        if (size < 0) {
            return -Errno.EINVAL;
        }
        if (size > 0
                && !context.memory()
                        .writeInt(context.argument(1), credentials(context).groupId())) {
            return -Errno.EFAULT;
        }
        return 1;
    }

    private long uname(CallContext context) {
        byte[] bytes = new byte[6 * FIELD_BYTES];
        String[] fields = {"Linux", context.kernel().hostName(), "6.1.0", "#1 SMP", "x86_64", "(none)"};
        for (int i = 0; i < fields.length; i++) {
            byte[] text = fields[i].getBytes(StandardCharsets.UTF_8);
            System.arraycopy(text, 0, bytes, i * FIELD_BYTES, Math.min(text.length, FIELD_BYTES - 1));
        }
        return context.memory().write(context.argument(0), bytes, 0, bytes.length) ? 0 : -Errno.EFAULT;
    }
}
