#include "patch.h"
#include "code.h"
#include "copy.h"
#include "raw.h"
#include "site.h"
#include "stub.h"

/* A patch costs as much as several traps, so it is tried at the fourth of a site; where it fails, for good or because no descriptor
 * is free just then, at the eighth, sixteenth and so on. */
#define WORTHWHILE_TRAPS 4
#define COUNTED_SITES 256
#define NEIGHBOURS 4

#define NEAR_JUMP_BYTES 5

/* How often a site trapped. It is only an estimate: where sites crowd, the one that trapped least is forgotten. */
struct counted_site {
    uint64_t site;
    uint64_t traps;
};

static struct counted_site counted_sites[COUNTED_SITES];
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

/* Counts the trap; how many there were. Threads may count at once and lose one. */
static uint64_t count(uint64_t site) {
    uint64_t home = site * UINT64_C(0x9e3779b97f4a7c15) >> 56;
    struct counted_site *least = &counted_sites[home % COUNTED_SITES];
    for (uint64_t i = 0; i < NEIGHBOURS; i++) {
        struct counted_site *counted = &counted_sites[(home + i) % COUNTED_SITES];
        if (counted->site == site) {
            return ++counted->traps;
        }
        least = counted->traps < least->traps ? counted : least;
    }
    *least = (struct counted_site){.site = site, .traps = 1};
    return 1;
}

static void near_jump(uint8_t *jump, uint64_t from, uint64_t to) {
    int32_t distance = (int32_t)(to - from - NEAR_JUMP_BYTES);
    jump[0] = 0xe9;
    memcpy(jump + 1, &distance, sizeof(distance));
}

/* Makes the mov before the site a jump. */
static bool patch_move(const struct gnomon_code *code, uint64_t site, uint64_t length, uint64_t begin) {
    uint8_t move[GNOMON_CODE_LIMIT];
    uint8_t jump[NEAR_JUMP_BYTES];
    uint64_t address = site - length;
    if (!gnomon_copy_in(move, address, length)) {
        return false;
    }
    uint64_t stub = gnomon_stub(code, site, move, length, begin);
    if (stub == 0) {
        return false;
    }
    near_jump(jump, address, stub);
    return gnomon_code_exchange(code, address, jump, sizeof(jump));
}

static void patch(uint64_t site, int32_t number) {
    struct gnomon_code code;
    uint64_t begin;
    uint64_t length = gnomon_site_move(site, number);
    if (length == 0 || !gnomon_code_is_fixed(site - length, site + GNOMON_SYSCALL_BYTES, &begin) ||
        !gnomon_code_open(&code)) {
        return;
    }
    patch_move(&code, site, length, begin);
    gnomon_code_close(&code);
}

void gnomon_patch_trapped(struct gnomon_thread *thread) {
    uint64_t site = thread->context.rip - GNOMON_SYSCALL_BYTES;
    int32_t number = (int32_t)thread->context.rax;
    thread->slot->trapped_calls++;
    /* Unwinders know the end of a handler by its bytes (libgcc's x86_64_fallback_frame_state). */
    if ((gnomon_process.arena->run_flags & GNOMON_RUN_NO_PATCHES) != 0 || number == __NR_rt_sigreturn) {
        return;
    }
    uint64_t traps = count(site);
    if (traps >= WORTHWHILE_TRAPS && (traps & (traps - 1)) == 0 && try_lock()) {
        patch(site, number);
        gnomon_patch_unlock();
    }
}
