package dev.gnomon.kernel;

/**
 * The identities of a process, {@code credentials(7)}. They are emulated: a process that gives up its privileges keeps the
 * real ones, since access to files of the machine that runs the experiment is not what an experiment is about.
 */
public record Credentials(
        int userId, int effectiveUserId, int savedUserId, int groupId, int effectiveGroupId, int savedGroupId) {
    public static Credentials of(int userId, int groupId) {
        return new Credentials(userId, userId, userId, groupId, groupId, groupId);
    }

    public boolean isPrivileged() {
        return effectiveUserId == 0;
    }

    public Credentials withUsers(int real, int effective, int saved) {
        return new Credentials(real, effective, saved, groupId, effectiveGroupId, savedGroupId);
    }

    public Credentials withGroups(int real, int effective, int saved) {
        return new Credentials(userId, effectiveUserId, savedUserId, real, effective, saved);
    }
}
