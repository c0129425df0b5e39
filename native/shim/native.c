#include "native.h"
#include "copy.h"

/* Offsets in struct stat (arch/x86/include/uapi/asm/stat.h) and struct statx (include/uapi/linux/stat.h). */
#define STAT_ATIME 72
#define STAT_MTIME 88
#define STAT_CTIME 104
#define STATX_ATIME 64
#define STATX_BTIME 80
#define STATX_CTIME 96
#define STATX_MTIME 112

#define NANOS_PER_SECOND INT64_C(1000000000)
/* File times are those of the last timer tick, so they lag behind the clock (CLOCK_REALTIME_COARSE). */
#define COARSE_NANOS INT64_C(20000000)

/*
 * Shows a time of the run itself as the virtual start: when exactly a file was written in real time is nobody's business,
 * and differs between runs. Both structures have a signed second of 64 bits; statx has 32 bits of nanoseconds and 32 unused.
 */
static void virtualise(uint64_t address, bool statx) {
    const struct gnomon_arena_header *arena = gnomon_process.arena;
    struct {
        int64_t seconds;
        uint32_t nanos;
        uint32_t rest;
    } time;
    if (!gnomon_copy_in(&time, address, sizeof(time))) {
        return;
    }
    int64_t start = arena->real_start_nanos - COARSE_NANOS;
    int64_t start_seconds = start / NANOS_PER_SECOND;
    if (time.seconds < start_seconds || (time.seconds == start_seconds && time.nanos < start % NANOS_PER_SECOND)) {
        return;
    }
    time.seconds = arena->virtual_start_nanos / NANOS_PER_SECOND;
    time.nanos = (uint32_t)(arena->virtual_start_nanos % NANOS_PER_SECOND);
    gnomon_copy_out(address, &time, statx ? sizeof(time) - sizeof(time.rest) : sizeof(time));
}

long gnomon_native(const struct gnomon_call *call, const struct gnomon_signature *signature) {
    long result = gnomon_call_native(call);
    if (signature->afterwards == GNOMON_NOTHING || result != 0) {
        return result;
    }
    uint64_t buffer = call->arguments[signature->buffer];
    if (signature->afterwards == GNOMON_STAT_TIMES) {
        virtualise(buffer + STAT_ATIME, false);
        virtualise(buffer + STAT_MTIME, false);
        virtualise(buffer + STAT_CTIME, false);
    } else {
        virtualise(buffer + STATX_ATIME, true);
        virtualise(buffer + STATX_BTIME, true);
        virtualise(buffer + STATX_CTIME, true);
        virtualise(buffer + STATX_MTIME, true);
    }
    return result;
}
