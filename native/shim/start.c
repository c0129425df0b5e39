/*
 * The shim: a small shared object inside every guest process that catches its system calls.
 *
 * How it works. The dynamic loader maps the shim (LD_PRELOAD) and runs its constructor before any other code of the program
 * (-z initfirst). The constructor finds the guest's place in its environment, maps the arena, redirects the vDSO, and arms
 * syscall user dispatch: from then on the kernel answers every syscall instruction outside the shim's own code with SIGSYS.
 * The handler (fault.c) does nothing but make the thread go on at the entry stub (entry.S), as if the syscall instruction
 * had been a jump. The stub saves the guest's registers in the thread's own area, to which %gs points, and changes to the
 * shim's stack. dispatch.c decides from the call's row in the table (signature.c) whether the kernel, the shim or the
 * engine answers. Calls for the engine go into the thread's slot in the arena (carry.c, crossing.c), the thread sleeps, and
 * then does what the engine replied: return a result, execute the call after all, build a signal frame (deliver.c), give
 * birth (spawn.c), execute another program (execute.c), die. The time-stamp counter is a fault, and answered as a time call
 * is (counter.c). At the end every register is restored and the thread jumps
 * back to the guest.
 *
 * Rules.
 * 1. Nothing of any libc: the guest's may be of another kind, not initialised yet, or in the middle of anything. No
 *    allocation, no thread-local storage, no errno. shim.h makes the usual slips fail to compile.
 * 2. No vector register is touched (-mgeneral-regs-only): they are the guest's all the time.
 * 3. The guest's stack is not touched but for signal frames: it may be tiny, misaligned, or not there.
 * 4. Guest memory is read and written by copy.h only: a pointer may be wrong, which is EFAULT, not a crash.
 * 5. No code runs inside a signal handler but the redirection.
 * 6. How a call was caught ends at the entry stub: whatever else catches calls enters there too.
 * 7. What happens before the dispatch is armed in a new thread is done by shim code alone.
 * 8. The engine is trusted; the guest is not, but it can only harm itself: it can overwrite the shim's memory as any of its
 *    own, and the engine believes nothing in the slot.
 *
 * What it does not catch: static programs, the loader's own calls before the constructor, set-user-id programs (the loader
 * ignores LD_PRELOAD there). A 32-bit call (int 0x80) is reported as a fault of SIGSYS. A guest that changes %gs by itself
 * (wrgsbase) is beyond help; arch_prctl(ARCH_SET_GS) crosses to the engine.
 */
#include "copy.h"
#include "counter.h"
#include "deliver.h"
#include "dispatch.h"
#include "fault.h"
#include "raw.h"
#include "vdso.h"
#include "vector.h"

#define AT_FDCWD (-100)
#define O_RDWR 2
#define O_CLOEXEC 02000000
#define PROT_READ_WRITE 3
#define MAP_SHARED 1
/* Far from where the kernel, allocators and sanitizers put things; a wish, not a demand. */
#define ARENA_ADDRESS INT64_C(0x7e0000000000)
#define RLIMIT_CORE 4
#define PR_GET_TID_ADDRESS 40

/* Keys of the auxiliary vector. */
#define AT_NULL 0
#define AT_RANDOM 25
#define AT_SYSINFO_EHDR 33
#define RANDOM_BYTES 16

/* Field 28 of /proc/self/stat. */
#define STAT_STACK_FIELD 28

/* The initial stack, as the kernel left it (the ABI's figure 3.9). */
struct initial_stack {
    uint64_t address;
    char **environment;
    uint64_t *auxiliary;
};

struct place {
    const char *arena;
    const char *slot;
};

/* The value behind `name` (which ends with '='); NULL where the entry is another. */
static const char *value_of(const char *entry, const char *name) {
    while (*name != 0) {
        if (*entry++ != *name++) {
            return NULL;
        }
    }
    return entry;
}

static bool copy_text(char *to, const char *from, uint64_t limit, char end) {
    uint64_t i = 0;
    for (; from[i] != 0 && from[i] != end; i++) {
        if (i == limit - 1) {
            return false;
        }
        to[i] = from[i];
    }
    to[i] = 0;
    return true;
}

/* The kernel tells where the arguments begin; only some libcs hand them to constructors. */
static uint64_t stack_address(void) {
    char line[1024];
    long descriptor = gnomon_raw4(__NR_openat, AT_FDCWD, (long)"/proc/self/stat", O_CLOEXEC, 0);
    if (descriptor < 0) {
        return 0;
    }
    long length = gnomon_raw3(__NR_read, descriptor, (long)line, sizeof(line) - 1);
    gnomon_raw3(__NR_close, descriptor, 0, 0);
    if (length <= 0) {
        return 0;
    }
    line[length] = 0;
    /* The second field is the program's name in parentheses, and may itself contain anything. */
    long position = length - 1;
    while (position > 0 && line[position] != ')') {
        position--;
    }
    int field = 2;
    uint64_t value = 0;
    for (; line[position] != 0 && field <= STAT_STACK_FIELD; position++) {
        if (line[position] == ' ') {
            field++;
        } else if (field == STAT_STACK_FIELD) {
            value = value * 10 + (uint64_t)(line[position] - '0');
        }
    }
    return value;
}

static bool find_stack(struct initial_stack *stack) {
    uint64_t address = stack_address();
    if (address == 0 || address % 8 != 0) {
        return false;
    }
    uint64_t count = *(uint64_t *)address;
    stack->address = address;
    stack->environment = (char **)(address + 8 + (count + 1) * 8);
    char **end = stack->environment;
    while (*end != NULL) {
        end++;
    }
    stack->auxiliary = (uint64_t *)(end + 1);
    return true;
}

static uint64_t auxiliary_value(const struct initial_stack *stack, uint64_t key) {
    for (const uint64_t *entry = stack->auxiliary; entry[0] != AT_NULL; entry += 2) {
        if (entry[0] == key) {
            return entry[1];
        }
    }
    return 0;
}

/*
 * Of a list separated by colons, takes the first piece away. The entry stays where its end was, so nothing grows; NULL where
 * nothing is left of it.
 */
static char *without_first(char *entry, const char *name) {
    char *value = (char *)value_of(entry, name);
    while (*value != 0 && *value != ':') {
        value++;
    }
    if (*value == 0) {
        return NULL;
    }
    uint64_t length = (uint64_t)(value_of(entry, name) - entry);
    char *shortened = value + 1 - length;
    memmove(shortened, entry, length);
    return shortened;
}

/* Takes the shim's variables out of the environment, for the program is not to see them. */
static void clean_environment(char **environment) {
    char **kept = environment;
    for (char **entry = environment; *entry != NULL; entry++) {
        char *text = *entry;
        if (value_of(text, GNOMON_ENVIRONMENT_ARENA) != NULL || value_of(text, GNOMON_ENVIRONMENT_SLOT) != NULL) {
            continue;
        }
        if (value_of(text, GNOMON_ENVIRONMENT_PRELOAD) != NULL) {
            text = without_first(text, GNOMON_ENVIRONMENT_PRELOAD);
        } else if (value_of(text, GNOMON_ENVIRONMENT_TUNABLES) != NULL) {
            const char *value = value_of(text, GNOMON_ENVIRONMENT_TUNABLES);
            if (memcmp(value, GNOMON_TUNABLE_NO_RSEQ, sizeof(GNOMON_TUNABLE_NO_RSEQ) - 1) == 0) {
                text = without_first(text, GNOMON_ENVIRONMENT_TUNABLES);
            }
        }
        if (text != NULL) {
            *kept++ = text;
        }
    }
    while (*kept != NULL) {
        *kept++ = NULL;
    }
}

/* Three decimal numbers separated by commas. */
static bool parse_slot(const char *text, uint32_t *numbers) {
    for (int i = 0; i < 3; i++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        uint64_t value = 0;
        while (*text >= '0' && *text <= '9' && value < UINT32_MAX) {
            value = value * 10 + (uint64_t)(*text++ - '0');
        }
        numbers[i] = (uint32_t)value;
        if (*text++ != (i < 2 ? ',' : 0)) {
            return false;
        }
    }
    return true;
}

static void *map(long descriptor, long address, uint64_t offset, uint64_t bytes) {
    long result = gnomon_raw6(__NR_mmap, address, (long)bytes, PROT_READ_WRITE, MAP_SHARED, descriptor, (long)offset);
    return gnomon_failed(result) ? NULL : (void *)result;
}

static void map_arena(uint32_t host) {
    long descriptor = gnomon_raw4(__NR_openat, AT_FDCWD, (long)gnomon_process.arena_path, O_RDWR | O_CLOEXEC, 0);
    if (descriptor < 0) {
        gnomon_refuse("cannot open the arena");
    }
    struct gnomon_arena_header *arena = map(descriptor, ARENA_ADDRESS, 0, GNOMON_ARENA_HEADER_BYTES);
    if (arena == NULL) {
        gnomon_refuse("cannot map the arena");
    }
    if (__atomic_load_n(&arena->magic, __ATOMIC_ACQUIRE) != GNOMON_ARENA_MAGIC || arena->version != GNOMON_ARENA_VERSION) {
        gnomon_refuse("the arena is of another version");
    }
    if (host >= arena->host_count) {
        gnomon_refuse("GNOMON_SLOT names a host beyond the arena");
    }
    uint64_t offset = GNOMON_ARENA_HEADER_BYTES + (uint64_t)host * GNOMON_HOST_BLOCK_BYTES;
    gnomon_process.arena = arena;
    gnomon_process.host_index = host;
    gnomon_process.host_block =
        map(descriptor, (long)arena + GNOMON_ARENA_HEADER_BYTES, offset, (uint64_t)GNOMON_HOST_BLOCK_BYTES);
    if (gnomon_process.host_block == NULL) {
        gnomon_refuse("cannot map the host's block");
    }
    gnomon_process.host = (const struct gnomon_host_header *)gnomon_process.host_block;
    gnomon_raw3(__NR_close, descriptor, 0, 0);
}

static bool find_place(char **environment, struct place *place) {
    *place = (struct place){0};
    const char *preload = NULL;
    for (char **entry = environment; *entry != NULL; entry++) {
        const char *value;
        if ((value = value_of(*entry, GNOMON_ENVIRONMENT_ARENA)) != NULL) {
            place->arena = value;
        } else if ((value = value_of(*entry, GNOMON_ENVIRONMENT_SLOT)) != NULL) {
            place->slot = value;
        } else if ((value = value_of(*entry, GNOMON_ENVIRONMENT_PRELOAD)) != NULL) {
            preload = value;
        }
    }
    if (place->arena == NULL || place->slot == NULL || preload == NULL) {
        return false;
    }
    if (!copy_text(gnomon_process.preload, preload, sizeof(gnomon_process.preload), ':') ||
        !copy_text(gnomon_process.arena_path, place->arena, sizeof(gnomon_process.arena_path), 0)) {
        gnomon_refuse("GNOMON_ARENA or LD_PRELOAD is too long");
    }
    return true;
}

static void announce(struct gnomon_thread *thread, const struct initial_stack *stack, uint64_t cleared_word) {
    struct gnomon_slot *slot = thread->slot;
    uint64_t random = auxiliary_value(stack, AT_RANDOM);
    slot->call_number = __NR_execve;
    slot->arguments[0] = random;
    slot->arguments[1] = stack->address;
    slot->arguments[2] = cleared_word;
    slot->ranges[0] = (struct gnomon_range){
        .guest_address = random, .length = RANDOM_BYTES, .transfer_offset = 0, .direction = GNOMON_RANGE_OUT};
    slot->range_count = random != 0 ? 1 : 0;
    thread->process->real_process_id = slot->real_process_id;
    gnomon_dispatch_start(thread, GNOMON_PHASE_EXEC_START);
}

/* What a function may leave in registers, the guest's next calls carry as arguments that nobody set, and traces show them:
 * nothing of this run may be in there. */
__attribute__((constructor, zero_call_used_regs("all-gpr"))) static void gnomon_start(void) {
    struct initial_stack stack;
    struct place place;
    if (!find_stack(&stack)) {
        gnomon_refuse("cannot find the environment: /proc/self/stat cannot be read");
    }
    if (!find_place(stack.environment, &place)) {
        return; /* loaded without an engine: nothing to do */
    }
    uint32_t numbers[3];
    if (!parse_slot(place.slot, numbers)) {
        gnomon_refuse("GNOMON_SLOT is not host,process,thread");
    }
    map_arena(numbers[0]);
    clean_environment(stack.environment);
    if (!gnomon_vector_prepare()) {
        gnomon_refuse("this CPU has no XSAVE, or more vector registers than the shim has room for");
    }
    struct gnomon_thread *thread = gnomon_thread_open();
    if (thread == NULL || !gnomon_thread_place(thread, numbers[1], numbers[2])) {
        gnomon_refuse("no memory for the first thread, or GNOMON_SLOT out of range");
    }
    uint64_t vdso = auxiliary_value(&stack, AT_SYSINFO_EHDR);
    if (vdso != 0 && !gnomon_vdso_redirect(vdso)) {
        gnomon_refuse("cannot redirect the vDSO");
    }
    uint64_t cleared_word = 0;
    gnomon_raw3(__NR_prctl, PR_GET_TID_ADDRESS, (long)&cleared_word, 0);
    gnomon_raw3(__NR_set_tid_address, (long)&thread->alive, 0, 0);
    uint64_t no_core[2] = {0, 0};
    gnomon_raw4(__NR_prlimit64, 0, RLIMIT_CORE, (long)no_core, 0);
    if (gnomon_fault_install() != 0 || gnomon_thread_enter(thread) != 0) {
        gnomon_refuse("the kernel refuses syscall user dispatch (Linux 5.11 or newer is needed)");
    }
    gnomon_counter_trap(true);
    announce(thread, &stack, cleared_word);
}
