#include "route.h"
#include "copy.h"
#include "raw.h"

#include <fcntl.h>
#include <sys/stat.h>

#define PATH_LIMIT 4096
#define MAP_ANONYMOUS 0x20
#define ARCH_SET_FS 0x1002
#define ARCH_GET_FS 0x1003

bool gnomon_emulated(const struct gnomon_thread *thread, uint64_t argument) {
    uint32_t descriptor = (uint32_t)argument;
    return descriptor < GNOMON_DESCRIPTOR_LIMIT &&
           thread->process->descriptors[descriptor] != GNOMON_DESCRIPTOR_NATIVE;
}

/* Whether one of the descriptors from `first` to `last` is emulated. */
static bool any_emulated(const struct gnomon_thread *thread, uint32_t first, uint32_t last) {
    uint32_t end = thread->process->descriptors_end;
    end = end > GNOMON_DESCRIPTOR_LIMIT ? GNOMON_DESCRIPTOR_LIMIT : end;
    for (uint32_t i = first; i < end && i <= last; i++) {
        if (thread->process->descriptors[i] != GNOMON_DESCRIPTOR_NATIVE) {
            return true;
        }
    }
    return false;
}

static bool below(const char *path, const char *directory) {
    while (*directory != 0) {
        if (*path++ != *directory++) {
            return false;
        }
    }
    return *path == 0 || *path == '/';
}

/* Whether the path may lead to where the engine answers. Detours ("//", "/./", "/..") are the engine's to follow. */
static bool path_crosses(const struct gnomon_thread *thread, uint64_t address) {
    char path[PATH_LIMIT];
    int64_t length = gnomon_copy_string(path, (const char *)address, sizeof(path));
    if (length <= 0 || length == PATH_LIMIT) {
        return false; /* the kernel says EFAULT, ENOENT, ENAMETOOLONG, or looks at the directory descriptor alone */
    }
    if (path[0] != '/' && (thread->process->flags & GNOMON_PROCESS_RELATIVE_PATHS_CROSS) != 0) {
        return true;
    }
    for (int64_t i = 0; i < length; i++) {
        if (path[i] == '/' && (path[i + 1] == '/' || path[i + 1] == '.') &&
            (path[i + 1] == '/' || path[i + 2] == '/' || path[i + 2] == '.' || path[i + 2] == 0)) {
            return true;
        }
    }
    if (path[0] != '/') {
        return path[0] == '.' && path[1] == '.' && (path[2] == '/' || path[2] == 0);
    }
    return below(path, "/etc") || below(path, "/proc") || below(path, "/dev") || below(path, "/sys");
}

static bool either_path_crosses(const struct gnomon_thread *thread, const struct gnomon_call *call,
                                const struct gnomon_signature *signature) {
    const uint64_t *arguments = call->arguments;
    if (signature->directories &&
        (gnomon_emulated(thread, arguments[signature->first - 1]) || gnomon_emulated(thread, arguments[signature->second - 1]))) {
        return true;
    }
    return path_crosses(thread, arguments[signature->first]) || path_crosses(thread, arguments[signature->second]);
}

#ifndef GNOMON_REMOTE
bool gnomon_is_named_pipe(long directory, uint64_t path) {
    struct stat status;
    long result = gnomon_raw4(__NR_newfstatat, directory, (long)path, (long)&status, 0);
    return result == 0 && (status.st_mode & S_IFMT) == S_IFIFO;
}
#endif

/*
 * Whether the call opens a named pipe: natively it would wait for a partner that cannot run before this guest has answered.
 * (With O_CREAT alone the file may be there already; what is not there is no pipe.)
 */
static bool opens_named_pipe(const struct gnomon_call *call, const struct gnomon_signature *signature) {
    if (call->number != __NR_open && call->number != __NR_openat && call->number != __NR_openat2 &&
        call->number != __NR_creat) {
        return false;
    }
    bool at = call->number == __NR_openat || call->number == __NR_openat2;
    return gnomon_is_named_pipe(at ? (long)call->arguments[0] : AT_FDCWD, call->arguments[signature->first]);
}

bool gnomon_crosses(const struct gnomon_thread *thread, const struct gnomon_call *call,
                    const struct gnomon_signature *signature) {
    if ((gnomon_process.host->flags & GNOMON_HOST_TRACE_ALL) != 0) {
        return true;
    }
    const uint64_t *arguments = call->arguments;
    switch ((enum gnomon_disposition)signature->disposition) {
    case GNOMON_FORWARD:
    case GNOMON_LOCAL:
        return true;
    case GNOMON_NATIVE:
    case GNOMON_REFUSED:
        return false;
    case GNOMON_BY_DESCRIPTOR:
        return gnomon_emulated(thread, arguments[signature->first]);
    case GNOMON_BY_EITHER_DESCRIPTOR:
        return gnomon_emulated(thread, arguments[signature->first]) || gnomon_emulated(thread, arguments[signature->second]);
    case GNOMON_PATH:
        return (signature->second != GNOMON_NO_ARGUMENT && gnomon_emulated(thread, arguments[signature->second])) ||
               path_crosses(thread, arguments[signature->first]) || opens_named_pipe(call, signature);
    case GNOMON_TWO_PATHS:
        return either_path_crosses(thread, call, signature);
    case GNOMON_MAP:
        return (arguments[3] & MAP_ANONYMOUS) == 0 && gnomon_emulated(thread, arguments[4]);
    case GNOMON_RANGE_OF_DESCRIPTORS:
        return any_emulated(thread, (uint32_t)arguments[0], (uint32_t)arguments[1]);
    case GNOMON_THREAD_POINTER:
        return arguments[0] != ARCH_SET_FS && arguments[0] != ARCH_GET_FS;
    }
    return true;
}
