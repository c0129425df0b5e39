/* The surroundings of guests: user numbers, capabilities, and the root in which they see the data directory. */
#include "zygote.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Where the guests' root is put together; in their own /dev/shm, which is empty. */
#define NEW_ROOT "/dev/shm/.root"

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) {
        return -1;
    }
    ssize_t written = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

/* Guests keep their user and group numbers: one line each is what an unprivileged user may write. */
int map_identity(uid_t user, gid_t group) {
    char line[64];
    snprintf(line, sizeof line, "%u %u 1\n", user, user);
    if (write_file("/proc/self/uid_map", line) < 0) {
        return -1;
    }
    if (write_file("/proc/self/setgroups", "deny") < 0 && errno != ENOENT) {
        return -1;
    }
    snprintf(line, sizeof line, "%u %u 1\n", group, group);
    return write_file("/proc/self/gid_map", line);
}

/*
 * A guest may open /proc/ZYGOTE/fd only where the zygote has no capability that the guest lacks
 * (PTRACE_MODE_READ, security/commoncap.c), and a guest of an ordinary user has none.
 */
void drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    syscall(SYS_capset, &header, none);
}

/* Puts one entry of the real root into the new one: directories with all that is mounted in them, links as they are. */
static int show_entry(const char *name) {
    char from[512], to[512], target[4096];
    struct stat status;
    snprintf(from, sizeof from, "/%s", name);
    snprintf(to, sizeof to, "%s/%s", NEW_ROOT, name);
    if (lstat(from, &status) < 0) {
        return errno == ENOENT ? 0 : -1;
    }
    if (S_ISLNK(status.st_mode)) {
        ssize_t length = readlink(from, target, sizeof target - 1);
        if (length < 0) {
            return -1;
        }
        target[length] = 0;
        return symlink(target, to);
    }
    if (S_ISDIR(status.st_mode)) {
        return mkdir(to, 0755) < 0 ? -1 : mount(from, to, NULL, MS_BIND | MS_REC, NULL);
    }
    if (S_ISREG(status.st_mode)) {
        int file = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
        if (file < 0) {
            return -1;
        }
        close(file);
        return mount(from, to, NULL, MS_BIND, NULL);
    }
    return 0;
}

/*
 * Shows the data directory to guests at a path that is the same in every run, ZYGOTE_DATA_PATH: where a guest works is
 * among what it can write down. Everything else stays where it is: the new root holds what the old one held.
 * Returns 0, or -1 with errno; then nothing has changed that a guest could see.
 */
int show_data_directory(int data_directory) {
    char source[64];
    if (mkdir(NEW_ROOT, 0755) < 0 || mount("gnomon", NEW_ROOT, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0) {
        return -1;
    }
    DIR *root = opendir("/");
    if (root == NULL) {
        return -1;
    }
    int result = 0;
    struct dirent *entry;
    while (result == 0 && (entry = readdir(root)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            strcmp(entry->d_name, ZYGOTE_DATA_PATH + 1) != 0) {
            result = show_entry(entry->d_name);
        }
    }
    closedir(root);
    snprintf(source, sizeof source, "/proc/self/fd/%d", data_directory);
    if (result < 0 || mkdir(NEW_ROOT ZYGOTE_DATA_PATH, 0755) < 0 ||
        mount(source, NEW_ROOT ZYGOTE_DATA_PATH, NULL, MS_BIND | MS_REC, NULL) < 0 || chdir(NEW_ROOT) < 0 ||
        chroot(".") < 0) {
        int error = errno;
        umount2(NEW_ROOT, MNT_DETACH);
        rmdir(NEW_ROOT);
        errno = error;
        return -1;
    }
    if (chdir("/") < 0) {
        return -1;
    }
    /* /dev came along with the place in which the root was built. */
    umount2(NEW_ROOT, MNT_DETACH);
    rmdir(NEW_ROOT);
    return 0;
}
