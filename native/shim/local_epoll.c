/* epoll_wait and its relatives without a mask, where something is ready or nobody waits; epoll_ctl. */
#include "copy.h"
#include "local.h"
#include "object.h"

#define EPOLL_CTL_ADD 1
#define EPOLL_CTL_DEL 2
#define EPOLL_CTL_MOD 3
#define EPOLLEXCLUSIVE (UINT32_C(1) << 28)
#define EPOLLONESHOT (UINT32_C(1) << 30)
#define EPOLLET (UINT32_C(1) << 31)
#define EVENTS_LIMIT (INT32_MAX / 12)

/* struct epoll_event. */
struct event {
    uint32_t events;
    uint64_t data;
} __attribute__((packed));

/* The table of an epoll; NULL where the descriptor is none, or every call on it crosses. */
static struct gnomon_epoll_table *table_of(const struct gnomon_object *object) {
    if (object == NULL || object->kind != GNOMON_OBJECT_EPOLL) {
        return NULL;
    }
    struct gnomon_epoll_table *table = (struct gnomon_epoll_table *)(gnomon_process.host_block + object->mirror);
    return (table->flags & GNOMON_EPOLL_CROSSES) != 0 || table->ready_count > GNOMON_EPOLL_READY_LIMIT ? NULL : table;
}

/*
 * Goes through what may be ready, as the engine does: what is not is dropped; what is goes to the end of the list if it is
 * level-triggered, and is dropped otherwise; the walk ends at what was last when it began. The list as it is afterwards is
 * written to `after`. Returns the number of events, or -1 where only the engine can tell.
 */
static int32_t collect(const struct gnomon_thread *thread, const struct gnomon_epoll_table *table, uint32_t limit, struct event *events,
                       struct gnomon_epoll_ready *after, uint32_t *after_count) {
    struct gnomon_epoll_ready stay[GNOMON_EPOLL_READY_LIMIT];
    uint32_t stay_count = 0;
    uint32_t count = 0;
    uint32_t looked = 0;
    for (; looked < table->ready_count && count < limit; looked++) {
        const struct gnomon_epoll_ready *item = &table->ready[looked];
        const struct gnomon_object *object = gnomon_object_at(item->object);
        uint32_t bits;
        if (object == NULL || !gnomon_object_ready(thread, object, &bits)) {
            return -1;
        }
        bits &= item->events;
        if (bits != 0) {
            events[count++] = (struct event){.events = bits, .data = item->data};
            if ((item->events & (EPOLLET | EPOLLONESHOT)) == 0) {
                stay[stay_count++] = *item;
            }
        }
    }
    uint32_t rest = table->ready_count - looked;
    memcpy(after, &table->ready[looked], rest * sizeof(*after));
    memcpy(after + rest, stay, stay_count * sizeof(*after));
    *after_count = rest + stay_count;
    return (int32_t)count;
}

static bool wait(struct gnomon_thread *thread, const struct gnomon_call *call, bool waits, long *result) {
    const uint64_t *a = call->arguments;
    uint32_t limit = (uint32_t)a[2];
    struct gnomon_epoll_table *table = table_of(gnomon_object_of(thread, a[0]));
    if (table == NULL || (table->flags & GNOMON_EPOLL_STALE) != 0 || thread->effects != 0 || limit == 0 ||
        limit > EVENTS_LIMIT) {
        return false;
    }
    struct event events[GNOMON_EPOLL_READY_LIMIT];
    struct gnomon_epoll_ready after[GNOMON_EPOLL_READY_LIMIT];
    uint32_t after_count;
    int32_t count = collect(thread, table, limit, events, after, &after_count);
    if (count < 0 || (count == 0 && waits)) {
        return false;
    }
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_EPOLL_WAIT, a[0], 0);
    if (entry == NULL || !gnomon_copy_out(a[1], events, (uint64_t)count * sizeof(events[0]))) {
        return false;
    }
    memcpy(table->ready, after, after_count * sizeof(after[0]));
    table->ready_count = after_count;
    entry->requested = limit;
    gnomon_log_add(thread, entry, count, false);
    *result = count;
    return true;
}

static struct gnomon_epoll_ready *find_ready(struct gnomon_epoll_table *table, uint32_t object, uint32_t descriptor) {
    for (uint32_t i = 0; i < table->ready_count; i++) {
        if (table->ready[i].object == object && table->ready[i].descriptor == (int32_t)descriptor) {
            return &table->ready[i];
        }
    }
    return NULL;
}

static void forget_ready(struct gnomon_epoll_table *table, struct gnomon_epoll_ready *item) {
    uint64_t behind = (uint64_t)(table->ready + table->ready_count - (item + 1));
    memmove(item, item + 1, behind * sizeof(*item));
    table->ready_count--;
}

/* Does to the list of what may be ready what the engine does when interest in an object begins or changes: the object is added
 * if it is ready now. Where that is not known, the list is not either. */
static void review_ready(const struct gnomon_thread *thread, struct gnomon_epoll_table *table,
                         const struct gnomon_object *object, uint32_t descriptor, const struct event *event) {
    uint32_t shown = thread->process->descriptors[descriptor];
    uint32_t wanted = event->events | GNOMON_POLLERR | GNOMON_POLLHUP;
    struct gnomon_epoll_ready *item = find_ready(table, shown, descriptor);
    uint32_t bits;
    if (item != NULL) {
        item->events = wanted;
        item->data = event->data;
    } else if (!gnomon_object_ready(thread, object, &bits)) {
        table->flags |= GNOMON_EPOLL_STALE;
    } else if ((bits & wanted) != 0) {
        if (table->ready_count == GNOMON_EPOLL_READY_LIMIT) {
            table->flags |= GNOMON_EPOLL_STALE;
            return;
        }
        table->ready[table->ready_count++] = (struct gnomon_epoll_ready){
            .data = event->data, .object = shown, .events = wanted, .descriptor = (int32_t)descriptor};
    }
}

static bool control(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    const uint64_t *a = call->arguments;
    uint32_t operation = (uint32_t)a[1];
    uint32_t descriptor = (uint32_t)a[2];
    const struct gnomon_object *target = gnomon_object_of(thread, descriptor);
    struct gnomon_epoll_table *table = table_of(gnomon_object_of(thread, a[0]));
    struct event event = {0};
    if (table == NULL || target == NULL || target->kind == GNOMON_OBJECT_EPOLL || descriptor >= GNOMON_EPOLL_DESCRIPTORS) {
        return false;
    }
    if (operation != EPOLL_CTL_DEL && (!gnomon_copy_in(&event, a[3], sizeof(event)) || (event.events & EPOLLEXCLUSIVE) != 0)) {
        return false;
    }
    uint32_t shown = thread->process->descriptors[descriptor];
    uint32_t watched = table->watched[descriptor];
    if (operation == EPOLL_CTL_ADD ? watched != 0 : watched != shown) {
        return false;
    }
    if (operation < EPOLL_CTL_ADD || operation > EPOLL_CTL_MOD) {
        return false;
    }
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_EPOLL_CONTROL, a[0], 0);
    if (entry == NULL) {
        return false;
    }
    entry->flags = operation;
    entry->address = descriptor;
    entry->requested = event.events;
    entry->value = event.data;
    if (operation == EPOLL_CTL_DEL) {
        table->watched[descriptor] = 0;
        struct gnomon_epoll_ready *item = find_ready(table, shown, descriptor);
        if (item != NULL) {
            forget_ready(table, item);
        }
    } else {
        table->watched[descriptor] = shown;
        review_ready(thread, table, target, descriptor, &event);
    }
    gnomon_log_add(thread, entry, 0, false);
    *result = 0;
    return true;
}

/* Whether the time of epoll_pwait2 is 0. */
static bool waits_until(uint64_t address, bool *waits) {
    uint64_t pair[2] = {1, 0};
    if (address != 0 && !gnomon_copy_in(pair, address, sizeof(pair))) {
        return false;
    }
    *waits = (pair[0] | pair[1]) != 0;
    return pair[0] <= INT64_MAX && pair[1] < 1000000000;
}

bool gnomon_answer_epoll(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    const uint64_t *a = call->arguments;
    bool waits = (int32_t)a[3] != 0;
    switch (call->number) {
    case __NR_epoll_ctl:
        return control(thread, call, result);
    case __NR_epoll_wait:
        return wait(thread, call, waits, result);
    case __NR_epoll_pwait:
        return a[4] == 0 && wait(thread, call, waits, result);
    case __NR_epoll_pwait2:
        return a[4] == 0 && waits_until(a[3], &waits) && wait(thread, call, waits, result);
    default:
        return false;
    }
}
