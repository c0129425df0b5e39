/* Flags, names and options of descriptors; closing them; connections that are not there to accept. */
#include "copy.h"
#include "local.h"
#include "message.h"
#include "object.h"

/* include/uapi/asm-generic/fcntl.h, ioctls.h, socket.h */
#define F_GETFL 3
#define F_SETFL 4
#define O_APPEND 02000
#define O_ASYNC 020000
#define O_DIRECT 040000
#define FLAGS_SETTABLE (O_APPEND | GNOMON_O_NONBLOCK | O_ASYNC | O_DIRECT)
#define FIONREAD 0x541b
#define FIONBIO 0x5421
#define SOL_SOCKET 1
#define SO_TYPE 3
#define SO_ERROR 4
#define SO_PROTOCOL 38
#define SO_DOMAIN 39
#define SO_REUSEADDR 2
#define SO_BROADCAST 6
#define SO_KEEPALIVE 9
#define SO_REUSEPORT 15
#define IPPROTO_TCP 6
#define SOCK_STREAM 1
#define TCP_NODELAY 1
#define TCP_CORK 3
#define TCP_QUICKACK 12
#define OPTION_LEAST 4
#define OPTION_MOST 16
#define ACCEPT_FLAGS 02004000 /* SOCK_NONBLOCK, SOCK_CLOEXEC */

static bool set_blocking(struct gnomon_thread *thread, uint64_t descriptor, struct gnomon_object *object, bool blocking,
                         long *result) {
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_STATUS_FLAGS, descriptor, 0);
    if (entry == NULL) {
        return false;
    }
    entry->flags = blocking ? 0 : GNOMON_O_NONBLOCK;
    object->status_flags = (object->status_flags & ~(uint32_t)GNOMON_O_NONBLOCK) | entry->flags;
    gnomon_log_add(thread, entry, 0, false);
    *result = 0;
    return true;
}

static bool file_control(struct gnomon_thread *thread, const uint64_t *a, struct gnomon_object *object, long *result) {
    uint32_t flags = (uint32_t)a[2];
    switch ((uint32_t)a[1]) {
    case F_GETFL:
        *result = (long)object->status_flags;
        return true;
    case F_SETFL:
        return ((flags ^ object->status_flags) & FLAGS_SETTABLE & ~(uint32_t)GNOMON_O_NONBLOCK) == 0 &&
               set_blocking(thread, a[0], object, (flags & GNOMON_O_NONBLOCK) == 0, result);
    default:
        return false;
    }
}

static bool io_control(struct gnomon_thread *thread, const uint64_t *a, struct gnomon_object *object, long *result) {
    uint32_t value;
    switch ((uint32_t)a[1]) {
    case FIONBIO:
        return gnomon_copy_in(&value, a[2], sizeof(value)) && set_blocking(thread, a[0], object, value == 0, result);
    case FIONREAD:
        value = gnomon_object_left(object);
        *result = 0;
        return object->kind == GNOMON_OBJECT_STREAM && gnomon_object_shows_all(thread, object) &&
               gnomon_copy_out(a[2], &value, sizeof(value));
    default:
        return false;
    }
}

/* Stores a value, cut to the room that the guest gives, and how long it is. */
static bool store_cut(const void *value, uint32_t bytes, uint64_t address, uint64_t length_address, bool cut_length) {
    uint32_t room;
    if (!gnomon_copy_in(&room, length_address, sizeof(room)) || room > INT32_MAX) {
        return false;
    }
    uint32_t part = room < bytes ? room : bytes;
    uint32_t told = cut_length ? part : bytes;
    return gnomon_copy_out(address, value, part) && gnomon_copy_out(length_address, &told, sizeof(told));
}

static bool name(const uint64_t *a, const struct gnomon_object *object, bool peer, long *result) {
    struct gnomon_socket_address address = {
        .family = GNOMON_AF_INET,
        .port = gnomon_network_short(peer ? object->remote_port : object->local_port),
        .address = gnomon_network_int(peer ? object->remote_address : object->local_address)};
    *result = 0;
    return (object->flags & (peer ? GNOMON_OBJECT_CONNECTED : GNOMON_OBJECT_NAMED)) != 0 &&
           store_cut(&address, sizeof(address), a[1], a[2], false);
}

static bool get_option(const uint64_t *a, const struct gnomon_object *object, long *result) {
    int32_t value = 0;
    if ((object->flags & GNOMON_OBJECT_SOCKET) == 0 || (uint32_t)a[1] != SOL_SOCKET) {
        return false;
    }
    switch ((uint32_t)a[2]) {
    case SO_ERROR:
        if ((object->flags & GNOMON_OBJECT_NO_ERROR) == 0) {
            return false;
        }
        break;
    case SO_TYPE:
        value = object->type;
        break;
    case SO_DOMAIN:
        value = object->domain;
        break;
    case SO_PROTOCOL:
        value = object->protocol;
        break;
    default:
        return false;
    }
    *result = 0;
    return store_cut(&value, sizeof(value), a[3], a[4], true);
}

/* Options that are a number, and taken whatever it is. */
static bool takes_any_number(const struct gnomon_object *object, uint32_t level, uint32_t option) {
    if (level == SOL_SOCKET) {
        return option == SO_REUSEADDR || option == SO_BROADCAST || option == SO_KEEPALIVE || option == SO_REUSEPORT;
    }
    return level == IPPROTO_TCP && object->type == SOCK_STREAM &&
           (option == TCP_NODELAY || option == TCP_CORK || option == TCP_QUICKACK);
}

static bool set_option(struct gnomon_thread *thread, const uint64_t *a, const struct gnomon_object *object, long *result) {
    uint32_t level = (uint32_t)a[1];
    uint32_t option = (uint32_t)a[2];
    uint32_t bytes = (uint32_t)a[4];
    if ((object->flags & GNOMON_OBJECT_SOCKET) == 0 || bytes < OPTION_LEAST || bytes > OPTION_MOST ||
        !takes_any_number(object, level, option)) {
        return false;
    }
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_SET_OPTION, a[0], bytes);
    if (entry == NULL || !gnomon_copy_in(gnomon_log_payload(entry), a[3], bytes)) {
        return false;
    }
    entry->flags = level;
    entry->requested = option;
    gnomon_log_add(thread, entry, 0, false);
    *result = 0;
    return true;
}

static bool accept_nothing(const struct gnomon_object *object, uint64_t flags, long *result) {
    *result = -GNOMON_EAGAIN;
    return object->kind == GNOMON_OBJECT_LISTENER && (object->events & GNOMON_POLLIN) == 0 &&
           (object->status_flags & GNOMON_O_NONBLOCK) != 0 &&
           ((uint32_t)flags & ~(uint32_t)ACCEPT_FLAGS) == 0;
}

/* The number is free at once; what it stood for is the engine's to let go. */
static bool close(struct gnomon_thread *thread, uint64_t descriptor, long *result) {
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_CLOSE, descriptor, 0);
    if (entry == NULL || gnomon_raw3(__NR_close, (long)(uint32_t)descriptor, 0, 0) != 0) {
        return false;
    }
    thread->process->descriptors[(uint32_t)descriptor] = GNOMON_DESCRIPTOR_NATIVE;
    gnomon_log_add(thread, entry, 0, true);
    thread->closes++;
    *result = 0;
    return true;
}

bool gnomon_answer_descriptor(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    const uint64_t *a = call->arguments;
    struct gnomon_object *object = gnomon_object_of(thread, a[0]);
    if (object == NULL) {
        return false;
    }
    switch (call->number) {
    case __NR_fcntl:
        return file_control(thread, a, object, result);
    case __NR_ioctl:
        return io_control(thread, a, object, result);
    case __NR_getsockname:
        return name(a, object, false, result);
    case __NR_getpeername:
        return name(a, object, true, result);
    case __NR_getsockopt:
        return get_option(a, object, result);
    case __NR_setsockopt:
        return set_option(thread, a, object, result);
    case __NR_accept:
        return accept_nothing(object, 0, result);
    case __NR_accept4:
        return accept_nothing(object, a[3], result);
    case __NR_close:
        return close(thread, a[0], result);
    default:
        return false;
    }
}
