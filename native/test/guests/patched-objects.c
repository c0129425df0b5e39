/* Code comes and goes: what is mapped where patched code was is its own, anonymous and writable code is left alone, and code
 * that the program makes writable can be changed. */
#include "check.h"
#include "traps.h"
#include <fcntl.h>
#include <sys/mman.h>

#define PAGE 4096
#define CALLS 100
#define FEW 8

typedef long call(long, long);

/* dup(-1) by a mov and a syscall instruction. */
static const uint8_t by_move[] = {0xb8, 32, 0, 0, 0, 0x0f, 0x05, 0xc3};
/* The same with another number behind the same distance: close. */
static const uint8_t other_move[] = {0xb8, 3, 0, 0, 0, 0x0f, 0x05, 0xc3};
/* The number is the second argument: mov %esi, %eax. */
static const uint8_t by_gap[] = {0x90, 0x90, 0x90, 0x89, 0xf0, 0x0f, 0x05, 0xc3, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0};
/* As long, makes no call. */
static const uint8_t no_call[] = {0xb8, 77, 0, 0, 0, 0x90, 0x90, 0xc3};

/* A file of code, so long behind filler; its descriptor. */
static int file_of(const uint8_t *code, size_t bytes) {
    uint8_t page[PAGE];
    memset(page, 0x90, sizeof(page));
    memcpy(page + PAGE / 2, code, bytes);
    FILE *stream = tmpfile();
    CHECK(stream != NULL);
    int file = dup(fileno(stream));
    fclose(stream);
    CHECK(file >= 0 && write(file, page, sizeof(page)) == sizeof(page));
    return file;
}

static uint8_t *map(void *address, int file, int protection, int flags) {
    uint8_t *code = mmap(address, PAGE, protection, flags | (address != NULL ? MAP_FIXED : 0), file, 0);
    CHECK(code != MAP_FAILED);
    return code + PAGE / 2;
}

static uint64_t call_often(const uint8_t *code, long number, long expected) {
    uint64_t traps = trapped_calls();
    for (int i = 0; i < CALLS; i++) {
        CHECK(((call *)code)(-1, number) == expected);
    }
    return trapped_calls() - traps;
}

int main(void) {
    int moves = file_of(by_move, sizeof(by_move));
    int others = file_of(other_move, sizeof(other_move));
    int gaps = file_of(by_gap, sizeof(by_gap));
    int nothing = file_of(no_call, sizeof(no_call));
    uint8_t *code = map(NULL, moves, PROT_READ | PROT_EXEC, MAP_PRIVATE);
    void *page = code - PAGE / 2;
    for (int i = 0; i < 20; i++) {
        map(page, moves, PROT_READ | PROT_EXEC, MAP_PRIVATE);
        CHECK(call_often(code, 0, -EBADF) < FEW && code[0] == 0xe9);
        map(page, others, PROT_READ | PROT_EXEC, MAP_PRIVATE);
        CHECK(call_often(code, 0, -EBADF) < FEW && code[0] == 0xe9);
        map(page, nothing, PROT_READ | PROT_EXEC, MAP_PRIVATE);
        CHECK(call_often(code, 0, 77) == 0 && memcmp(code, no_call, sizeof(no_call)) == 0);
        map(page, gaps, PROT_READ | PROT_EXEC, MAP_PRIVATE);
        CHECK(call_often(code, SYS_dup, -EBADF) < FEW && code[5] == 0xeb);
    }
    /* The file is what it was. */
    uint8_t stored[sizeof(by_gap)];
    CHECK(pread(gaps, stored, sizeof(stored), PAGE / 2) == sizeof(stored) && memcmp(stored, by_gap, sizeof(stored)) == 0);

    /* Code of anonymous memory, of shared memory, and such as may be written. */
    page = map(NULL, -1, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS) - PAGE / 2;
    code = (uint8_t *)page + PAGE / 2;
    memcpy(code, by_move, sizeof(by_move));
    CHECK(call_often(code, 0, -EBADF) == CALLS && memcmp(code, by_move, sizeof(by_move)) == 0);
    CHECK(mprotect(page, PAGE, PROT_READ | PROT_EXEC) == 0);
    CHECK(call_often(code, 0, -EBADF) == CALLS);
    map(page, moves, PROT_READ | PROT_EXEC, MAP_SHARED);
    CHECK(call_often(code, 0, -EBADF) == CALLS);
    map(page, moves, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE);
    CHECK(call_often(code, 0, -EBADF) == CALLS);

    /* Patched code is made writable and changed. */
    code = map(NULL, moves, PROT_READ | PROT_EXEC, MAP_PRIVATE);
    page = code - PAGE / 2;
    CHECK(call_often(code, 0, -EBADF) < FEW);
    CHECK(mprotect(page, PAGE, PROT_READ | PROT_WRITE) == 0);
    memcpy(code, no_call, sizeof(no_call));
    CHECK(mprotect(page, PAGE, PROT_READ | PROT_EXEC) == 0);
    CHECK(call_often(code, 0, 77) == 0);
    return 0;
}
