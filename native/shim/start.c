/*
 * The shim: a small image inside every guest process that catches its system calls.
 *
 * How it works. When a program is executed, the zygote has it map the shim's image and jump into it before its first
 * instruction (zygote/inject.c), or a preloaded library does the like (preload/preload.c). The shim maps the arena, redirects
 * the vDSO, and arms syscall user dispatch: from then on the kernel answers every syscall instruction outside the shim's own
 * code with SIGSYS. The handler (fault.c) does nothing but make the thread go on at the entry stub (entry.S), as if the
 * syscall instruction had been a jump; a site that traps often is made one (patch.c). The stub saves the guest's registers
 * in the thread's own area, to which %gs points, and changes to the shim's stack. dispatch.c decides from the call's row in
 * the table (signature.c) whether the kernel, the shim or the engine answers. Calls for the engine go into the thread's slot
 * in the arena (carry.c, crossing.c), the thread sleeps, and then does what the engine replied: return a result, execute the
 * call after all, build a signal frame (deliver.c), give birth (spawn.c), execute another program (execute.c), die. The
 * time-stamp counter is a fault, and answered as a time call is (counter.c). At the end every register is restored and the
 * thread jumps back to the guest.
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
 * What it does not catch: where it is preloaded, the loader's own calls before the constructor. A 32-bit call (int 0x80) is
 * reported as a fault of SIGSYS. A guest that changes %gs by itself (wrgsbase) is beyond help; arch_prctl(ARCH_SET_GS)
 * crosses to the engine.
 */
#include "copies.h"
#include "copy.h"
#include "counter.h"
#include "deliver.h"
#include "dispatch.h"
#include "fault.h"
#include "raw.h"
#include "start.h"
#include "vdso.h"
#include "vector.h"
#include <gnomon/image.h>

#define AT_FDCWD (-100)
#define O_RDWR 2
#define O_CLOEXEC 02000000
#define PROT_READ 1
#define PROT_READ_WRITE 3
#define MAP_SHARED 1
#define MAP_FIXED 0x10
#define RLIMIT_CORE 4
#define PR_GET_TID_ADDRESS 40
#define INITIAL_FLAGS 0x202 /* interrupts enabled, and the bit that is always 1 */

/* Keys of the auxiliary vector. */
#define AT_NULL 0
#define AT_RANDOM 25
#define AT_SYSINFO_EHDR 33
#define RANDOM_BYTES 16

/* Bytes of the program's stack below struct gnomon_start that the shim has used at most when it leaves it. */
#define STACK_USED 2048

static void preloaded(const struct gnomon_start *start);
void gnomon_injected_entry(void);
void gnomon_trap_entry(void);
extern const char gnomon_data[], gnomon_end[];

__attribute__((section(".header"), used)) const struct gnomon_image_header gnomon_image_header = {
    .magic = GNOMON_IMAGE_MAGIC,
    .text_begin = (uint64_t)gnomon_text_begin,
    .text_end = (uint64_t)gnomon_text_end,
    .data = (uint64_t)gnomon_data,
    .end = (uint64_t)gnomon_end,
    .preloaded = (uint64_t)preloaded,
    .injected = (uint64_t)gnomon_injected_entry,
    .caught = (uint64_t)gnomon_trap_entry,
};

static uint64_t auxiliary_value(const struct gnomon_start *start, uint64_t key) {
    for (const uint64_t *entry = (const uint64_t *)start->auxiliary; entry[0] != AT_NULL; entry += 2) {
        if (entry[0] == key) {
            return entry[1];
        }
    }
    return 0;
}

static void *map(long descriptor, long address, int protection, int flags, uint64_t offset, uint64_t bytes) {
    long result = gnomon_raw6(__NR_mmap, address, (long)bytes, protection, MAP_SHARED | flags, descriptor, (long)offset);
    return gnomon_failed(result) ? NULL : (void *)result;
}

static uint8_t *map_block(long descriptor, uint32_t host, int flags) {
    const struct gnomon_arena_header *arena = gnomon_process.arena;
    uint64_t bytes = (uint64_t)arena->block_bytes;
    return map(descriptor, (long)arena + arena->blocks_offset, PROT_READ_WRITE, flags,
               (uint64_t)arena->blocks_offset + host * bytes, bytes);
}

bool gnomon_start_in_block(uint32_t host) {
    if (host >= gnomon_process.arena->host_count) {
        return false;
    }
    long descriptor = gnomon_raw4(__NR_openat, AT_FDCWD, (long)gnomon_process.arena_path, O_RDWR | O_CLOEXEC, 0);
    if (descriptor < 0) {
        return false;
    }
    gnomon_process.host_index = host;
    uint8_t *block = map_block(descriptor, host, MAP_FIXED);
    gnomon_raw3(__NR_close, descriptor, 0, 0);
    return block == gnomon_process.host_block;
}

static void map_arena(const struct gnomon_start *start) {
    long descriptor = gnomon_raw4(__NR_openat, AT_FDCWD, (long)start->arena, O_RDWR | O_CLOEXEC, 0);
    if (descriptor < 0) {
        gnomon_refuse("cannot open the arena");
    }
    /* The run's header is the engine's alone to write; workers' words and the host's block are written here too. */
    struct gnomon_arena_header *arena = map(descriptor, GNOMON_ARENA_ADDRESS, PROT_READ, 0, 0, GNOMON_PAGE_BYTES);
    if (arena == NULL) {
        gnomon_refuse("cannot map the arena");
    }
    if (__atomic_load_n(&arena->magic, __ATOMIC_ACQUIRE) != GNOMON_ARENA_MAGIC || arena->version != GNOMON_ARENA_VERSION) {
        gnomon_refuse("the arena is of another version");
    }
    if (start->host >= arena->host_count) {
        gnomon_refuse("the place given names a host beyond the arena");
    }
    uint64_t blocks = (uint64_t)arena->blocks_offset;
    gnomon_raw3(__NR_munmap, (long)arena, GNOMON_PAGE_BYTES, 0);
    arena = map(descriptor, (long)arena, PROT_READ, 0, 0, blocks);
    if (arena == NULL) {
        gnomon_refuse("cannot map the arena");
    }
    uint8_t *words = map(descriptor, (long)arena + GNOMON_WORKER_WORDS_OFFSET, PROT_READ_WRITE, MAP_FIXED,
                         GNOMON_WORKER_WORDS_OFFSET, GNOMON_ADDRESSES_OFFSET - GNOMON_WORKER_WORDS_OFFSET);
    gnomon_process.arena = arena;
    gnomon_process.worker_words = words;
    gnomon_process.host_index = start->host;
    gnomon_process.host_block = map_block(descriptor, start->host, 0);
    if (words == NULL || gnomon_process.host_block == NULL) {
        gnomon_refuse("cannot map the host's block");
    }
    gnomon_process.host = (struct gnomon_host_header *)gnomon_process.host_block;
    gnomon_raw3(__NR_close, descriptor, 0, 0);
}

static void prepare_announcement(struct gnomon_thread *thread, const struct gnomon_start *start, uint64_t cleared_word) {
    struct gnomon_slot *slot = thread->slot;
    uint64_t random = auxiliary_value(start, AT_RANDOM);
    slot->call_number = __NR_execve;
    slot->arguments[0] = random;
    slot->arguments[1] = start->stack;
    slot->arguments[2] = cleared_word;
    slot->ranges[0] = (struct gnomon_range){
        .guest_address = random, .length = RANDOM_BYTES, .transfer_offset = 0, .direction = GNOMON_RANGE_OUT};
    slot->range_count = random != 0 ? 1 : 0;
    thread->process->real_process_id = slot->real_process_id;
}

/* All that has to be done before the first call is caught. */
static struct gnomon_thread *begin(const struct gnomon_start *start) {
    memcpy(gnomon_process.preload, start->preload, sizeof(gnomon_process.preload));
    memcpy(gnomon_process.arena_path, start->arena, sizeof(gnomon_process.arena_path));
    memcpy(gnomon_process.image_path, start->image, sizeof(gnomon_process.image_path));
    map_arena(start);
    if (!gnomon_vector_prepare()) {
        gnomon_refuse("this CPU has no XSAVE, or more vector registers than the shim has room for");
    }
    struct gnomon_thread *thread = gnomon_thread_open();
    if (thread == NULL || !gnomon_thread_place(thread, start->process, start->thread)) {
        gnomon_refuse("no memory for the first thread, or its place is out of range");
    }
    uint64_t vdso = auxiliary_value(start, AT_SYSINFO_EHDR);
    if (vdso != 0 && !gnomon_vdso_redirect(vdso, start)) {
        gnomon_refuse("cannot redirect the vDSO");
    }
    return thread;
}

static void arm(struct gnomon_thread *thread) {
    gnomon_raw3(__NR_set_tid_address, (long)&thread->alive, 0, 0);
    uint64_t no_core[2] = {0, 0};
    gnomon_raw4(__NR_prlimit64, 0, RLIMIT_CORE, (long)no_core, 0);
    if (gnomon_fault_install() != 0 || gnomon_thread_enter(thread) != 0) {
        gnomon_refuse("the kernel refuses syscall user dispatch (Linux 5.11 or newer is needed)");
    }
    gnomon_counter_trap(true);
}

static void preloaded(const struct gnomon_start *start) {
    struct gnomon_thread *thread = begin(start);
    uint64_t cleared_word = 0;
    gnomon_raw3(__NR_prctl, PR_GET_TID_ADDRESS, (long)&cleared_word, 0);
    arm(thread);
    prepare_announcement(thread, start, cleared_word);
    gnomon_dispatch_start(thread, GNOMON_PHASE_EXEC_START);
}

/* From entry.S, on the program's stack. */
struct gnomon_thread *gnomon_injected(const struct gnomon_start *start) {
    struct gnomon_thread *thread = begin(start);
    arm(thread);
    gnomon_entry_expect(start);
    thread->context = (struct gnomon_context){.rip = start->entry, .rsp = start->stack, .rflags = INITIAL_FLAGS};
    return thread;
}

/*
 * From entry.S, on the shim's stack; which goes on with the thread's context. Where the shim was at work on the program's stack,
 * nothing of it stays: the kernel leaves zeros there, and what was written differs from run to run.
 */
void gnomon_begin(struct gnomon_thread *thread, struct gnomon_start *start) {
    prepare_announcement(thread, start, 0);
    uint8_t *lowest = (uint8_t *)start - STACK_USED;
    memset(lowest, 0, (uint64_t)(start->stack - (uint64_t)lowest));
    gnomon_dispatch_start(thread, GNOMON_PHASE_EXEC_START);
}
