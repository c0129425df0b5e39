#include "patch.h"
#include "code.h"
#include "copy.h"
#include "gap.h"
#include "raw.h"
#include "site.h"
#include "stub.h"

/* A patch costs as much as several traps, so it is tried at the fourth of a site; where it fails, for good or because no descriptor
 * is free just then, at the eighth, sixteenth and so on. */
#define WORTHWHILE_TRAPS 4
#define COUNTED_SITES 256
#define NEIGHBOURS 4

#define NEAR_JUMP_BYTES 5
#define INT3 0xcc

/* How often a site trapped. It is only an estimate: where sites crowd, the one that trapped least is forgotten. */
struct counted_site {
    uint64_t site;
    uint64_t traps;
};

static GNOMON_TABLE struct counted_site counted_sites[COUNTED_SITES];
/* 1: somebody patches. */
static uint32_t busy;

static bool try_lock(void) {
    return __atomic_exchange_n(&busy, 1, __ATOMIC_ACQUIRE) == 0;
}

/* Who patches waits for nobody, so that it is soon over. */
void gnomon_patch_lock(void) {
    while (!try_lock()) {
        gnomon_raw3(__NR_sched_yield, 0, 0, 0);
    }
}

void gnomon_patch_unlock(void) {
    __atomic_store_n(&busy, 0, __ATOMIC_RELEASE);
}

/* Counts the trap. Threads may count at once and lose one. */
static struct counted_site *count(uint64_t site) {
    uint64_t home = site * UINT64_C(0x9e3779b97f4a7c15) >> 56;
    struct counted_site *least = &counted_sites[home % COUNTED_SITES];
    for (uint64_t i = 0; i < NEIGHBOURS; i++) {
        struct counted_site *counted = &counted_sites[(home + i) % COUNTED_SITES];
        if (counted->site == site) {
            counted->traps++;
            return counted;
        }
        least = counted->traps < least->traps ? counted : least;
    }
    *least = (struct counted_site){.site = site, .traps = 1};
    return least;
}

static void near_jump(uint8_t *jump, uint64_t from, uint64_t to) {
    int32_t distance = (int32_t)(to - from - NEAR_JUMP_BYTES);
    jump[0] = 0xe9;
    memcpy(jump + 1, &distance, sizeof(distance));
}

/* Makes the mov before the site a jump. */
static bool patch_move(const struct gnomon_code *code, const struct gnomon_displaced *displaced, uint64_t near) {
    uint8_t jump[NEAR_JUMP_BYTES];
    uint64_t stub = gnomon_stub(code, displaced, near);
    if (stub == 0) {
        return false;
    }
    uint64_t move = displaced->site - displaced->bytes;
    near_jump(jump, move, stub);
    return gnomon_code_exchange(code, move, jump, sizeof(jump));
}

/* Makes the syscall instruction a jump into a gap, and the gap a jump to the stub. */
static bool patch_syscall(const struct gnomon_code *code, uint64_t site, const struct gnomon_mapping *mapping) {
    const struct gnomon_displaced nothing = {.site = site};
    uint8_t filled[GNOMON_GAP_LIMIT];
    struct gnomon_gap gap;
    if (!gnomon_gap_find(site, mapping->begin, mapping->end, &gap)) {
        return false;
    }
    uint64_t stub = gnomon_stub(code, &nothing, mapping->begin);
    if (stub == 0) {
        return false;
    }
    /* What is left of the gap has room for others. */
    memset(filled, INT3, sizeof(filled));
    near_jump(filled, gap.address, stub);
    uint8_t jump[GNOMON_SYSCALL_BYTES] = {0xeb, (uint8_t)(gap.address - site - GNOMON_SYSCALL_BYTES)};
    return gnomon_code_write(code, gap.address, filled, gap.length) && gnomon_code_exchange(code, site, jump, sizeof(jump));
}

static bool is_syscall(uint64_t site) {
    uint8_t bytes[GNOMON_SYSCALL_BYTES];
    return gnomon_copy_in(bytes, site, sizeof(bytes)) && bytes[0] == 0x0f && bytes[1] == 0x05;
}

/* A site whose mov was patched and that still traps is jumped to: then its syscall instruction is patched too. */
static bool patch(uint64_t site, int32_t number) {
    struct gnomon_code code;
    struct gnomon_mapping mapping;
    struct gnomon_displaced displaced = {.site = site};
    if (!gnomon_code_is_fixed(site, &mapping) || mapping.end - site < GNOMON_SYSCALL_BYTES || !is_syscall(site) ||
        !gnomon_code_open(&code)) {
        return false;
    }
    displaced.bytes = gnomon_site_displaced(site, number, mapping.begin, displaced.code);
    bool patched = (displaced.bytes != 0 && patch_move(&code, &displaced, mapping.begin)) || patch_syscall(&code, site, &mapping);
    gnomon_code_close(&code);
    return patched;
}

void gnomon_patch_trapped(struct gnomon_thread *thread) {
    uint64_t site = thread->context.rip - GNOMON_SYSCALL_BYTES;
    int32_t number = (int32_t)thread->context.rax;
    thread->slot->trapped_calls++;
    /* A child by vfork may be killed without its parent, which would find a patch half-done, and the lock taken. */
    if (thread->borrows_memory) {
        return;
    }
    /* Unwinders know the end of a handler by its bytes (libgcc's x86_64_fallback_frame_state). */
    if ((gnomon_process.arena->run_flags & GNOMON_RUN_NO_PATCHES) != 0 || number == __NR_rt_sigreturn) {
        return;
    }
    struct counted_site *counted = count(site);
    uint64_t traps = counted->traps;
    if (traps >= WORTHWHILE_TRAPS && (traps & (traps - 1)) == 0 && try_lock()) {
        if (patch(site, number)) {
            *counted = (struct counted_site){0}; /* room for another */
        }
        gnomon_patch_unlock();
    }
}
