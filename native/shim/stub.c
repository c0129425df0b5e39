#include "stub.h"
#include "raw.h"

#define PAGE UINT64_C(4096)
#define PAGE_LIMIT 16
#define STUB_BYTES 32
#define STUBS (PAGE / STUB_BYTES)

#define PROT_READ_EXEC 5
#define MAP_PRIVATE_ANONYMOUS_FIXED_NOREPLACE 0x100022

#define LOWEST_ADDRESS (UINT64_C(1) << 20)
/* What a near jump reaches, less what lies between the page's start and the jumps' ends. */
#define REACH ((UINT64_C(1) << 31) - 2 * PAGE)

#define LEA_BYTES 7
#define JUMP_BYTES 6

struct page {
    uint64_t address;
    uint64_t used; /* stubs; the first place holds the address of the entry */
};

static struct page pages[PAGE_LIMIT];
static uint32_t page_count;

extern const char gnomon_call_entry[];

static bool in_reach(uint64_t page, uint64_t site) {
    return page > site ? page - site < REACH : site - page < REACH;
}

static void put_distance(uint8_t *to, uint64_t target, uint64_t from) {
    int32_t distance = (int32_t)(target - from);
    memcpy(to, &distance, sizeof(distance));
}

/* The stub of a site as it is at this address. */
static void assemble(uint8_t *stub, uint64_t address, uint64_t page, uint64_t site, const uint8_t *displaced,
                     uint64_t displaced_bytes) {
    const uint8_t lea[] = {0x48, 0x8d, 0x0d};
    const uint8_t jump[] = {0xff, 0x25};
    memset(stub, 0xcc, STUB_BYTES);
    memcpy(stub, displaced, displaced_bytes);
    uint64_t length = displaced_bytes;
    memcpy(stub + length, lea, sizeof(lea));
    put_distance(stub + length + sizeof(lea), site + 2, address + length + LEA_BYTES);
    length += LEA_BYTES;
    memcpy(stub + length, jump, sizeof(jump));
    put_distance(stub + length + sizeof(jump), page, address + length + JUMP_BYTES);
}

static bool map_page(const struct gnomon_code *code, struct page *page, uint64_t address) {
    long result =
        gnomon_raw6(__NR_mmap, (long)address, PAGE, PROT_READ_EXEC, MAP_PRIVATE_ANONYMOUS_FIXED_NOREPLACE, -1, 0);
    if (gnomon_failed(result)) {
        return false;
    }
    uint64_t entry = (uint64_t)gnomon_call_entry;
    /* A kernel older than 4.17 takes the address for a mere wish. */
    if ((uint64_t)result != address || !gnomon_code_write(code, address, &entry, sizeof(entry))) {
        gnomon_raw3(__NR_munmap, result, PAGE, 0);
        return false;
    }
    *page = (struct page){.address = address, .used = 1};
    return true;
}

/* Far away first, where nobody's heap or stack grows to; below, for heaps grow upwards from the program. */
static bool open_page(const struct gnomon_code *code, struct page *page, uint64_t site, uint64_t near) {
    near &= ~(PAGE - 1);
    for (uint64_t distance = UINT64_C(1) << 30; distance >= PAGE; distance /= 2) {
        if (near > LOWEST_ADDRESS + distance && in_reach(near - distance, site) && map_page(code, page, near - distance)) {
            return true;
        }
    }
    for (uint64_t distance = UINT64_C(1) << 30; distance >= PAGE; distance /= 2) {
        if (in_reach(near + distance, site) && map_page(code, page, near + distance)) {
            return true;
        }
    }
    return false;
}

static uint64_t find(const struct page *page, uint64_t site, const uint8_t *displaced, uint64_t displaced_bytes) {
    uint8_t stub[STUB_BYTES];
    for (uint64_t i = 1; i < page->used; i++) {
        uint64_t address = page->address + i * STUB_BYTES;
        assemble(stub, address, page->address, site, displaced, displaced_bytes);
        if (memcmp(stub, (const void *)address, STUB_BYTES) == 0) {
            return address;
        }
    }
    return 0;
}

uint64_t gnomon_stub(const struct gnomon_code *code, uint64_t site, const uint8_t *displaced, uint64_t displaced_bytes,
                     uint64_t near) {
    struct page *room = NULL;
    for (uint32_t i = 0; i < page_count; i++) {
        if (in_reach(pages[i].address, site)) {
            uint64_t found = find(&pages[i], site, displaced, displaced_bytes);
            if (found != 0) {
                return found;
            }
            room = pages[i].used < STUBS ? &pages[i] : room;
        }
    }
    if (room == NULL) {
        if (page_count == PAGE_LIMIT || !open_page(code, &pages[page_count], site, near)) {
            return 0;
        }
        room = &pages[page_count];
        __atomic_store_n(&page_count, page_count + 1, __ATOMIC_RELEASE);
    }
    uint8_t stub[STUB_BYTES];
    uint64_t address = room->address + room->used * STUB_BYTES;
    assemble(stub, address, room->address, site, displaced, displaced_bytes);
    if (!gnomon_code_write(code, address, stub, STUB_BYTES)) {
        return 0;
    }
    room->used++;
    return address;
}

bool gnomon_in_stub(uint64_t address) {
    uint32_t count = __atomic_load_n(&page_count, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < count; i++) {
        if (address >= pages[i].address && address < pages[i].address + PAGE) {
            return true;
        }
    }
    return false;
}
