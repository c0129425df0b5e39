#include "stub.h"
#include "copy.h"
#include "decode.h"
#include "raw.h"

#define PAGE UINT64_C(4096)
#define PAGE_LIMIT 16
#define UNIT 16
#define UNITS (PAGE / UNIT)
#define STUB_LIMIT (GNOMON_DISPLACED_LIMIT + LEA_BYTES + JUMP_BYTES + UNIT)

#define PROT_READ_EXEC 5
#define MAP_PRIVATE_ANONYMOUS_FIXED_NOREPLACE 0x100022

#define FIRST_DISTANCE (UINT64_C(1) << 28)
#define LOWEST_ADDRESS (UINT64_C(1) << 20)
/* What a near jump reaches, less what lies between the page's start and the jumps' ends. */
#define REACH ((UINT64_C(1) << 31) - 2 * PAGE)

#define LEA_BYTES 7
#define JUMP_BYTES 6

struct page {
    uint64_t address;
    uint64_t used; /* units; the first holds the address of the entry */
    /* For the unit in which a stub begins, its displaced bytes and 1; 0 for the others. */
    uint8_t begins[UNITS];
};

static GNOMON_TABLE struct page pages[PAGE_LIMIT];
static uint32_t page_count;

extern const char gnomon_call_entry[];

static bool in_reach(uint64_t page, uint64_t site) {
    return page > site ? page - site < REACH : site - page < REACH;
}

static void put_distance(uint8_t *to, uint64_t target, uint64_t from) {
    int32_t distance = (int32_t)(target - from);
    memcpy(to, &distance, sizeof(distance));
}

/* Addresses relative to %rip are meant from where the instructions stood. False where one gets out of reach. */
static bool relocate(uint8_t *code, uint64_t bytes, int64_t moved_by) {
    struct gnomon_instruction instruction;
    for (uint64_t at = 0; at < bytes; at += instruction.length) {
        if (gnomon_decode(code + at, bytes - at, &instruction) != GNOMON_DECODED) {
            return false;
        }
        if (instruction.relative != 0) {
            int32_t distance;
            memcpy(&distance, code + at + instruction.relative, sizeof(distance));
            int64_t changed = distance - moved_by;
            distance = (int32_t)changed;
            if (distance != changed) {
                return false;
            }
            memcpy(code + at + instruction.relative, &distance, sizeof(distance));
        }
    }
    return true;
}

/* The stub as it is at this address; its bytes, a multiple of a unit, or 0. */
static uint64_t assemble(uint8_t *stub, uint64_t address, uint64_t page, const struct gnomon_displaced *displaced) {
    const uint8_t lea[] = {0x48, 0x8d, 0x0d};
    const uint8_t jump[] = {0xff, 0x25};
    uint64_t length = displaced->bytes;
    memset(stub, 0xcc, STUB_LIMIT);
    memcpy(stub, displaced->code, length);
    if (!relocate(stub, length, (int64_t)(address - (displaced->site - length)))) {
        return 0;
    }
    memcpy(stub + length, lea, sizeof(lea));
    put_distance(stub + length + sizeof(lea), displaced->site + GNOMON_SYSCALL_BYTES, address + length + LEA_BYTES);
    length += LEA_BYTES;
    memcpy(stub + length, jump, sizeof(jump));
    put_distance(stub + length + sizeof(jump), page, address + length + JUMP_BYTES);
    length += JUMP_BYTES;
    return (length + UNIT - 1) & ~(uint64_t)(UNIT - 1);
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
    page->address = address;
    page->used = 1;
    return true;
}

/* Far away first, where nobody's heap or stack grows to, but not so far that it needs more than one page table of its own; below,
 * for heaps grow upwards from the program. */
static bool open_page(const struct gnomon_code *code, struct page *page, uint64_t site, uint64_t near) {
    near &= ~(PAGE - 1);
    for (uint64_t distance = FIRST_DISTANCE; distance >= PAGE; distance /= 2) {
        if (near > LOWEST_ADDRESS + distance && in_reach(near - distance, site) && map_page(code, page, near - distance)) {
            return true;
        }
    }
    for (uint64_t distance = FIRST_DISTANCE; distance >= PAGE; distance /= 2) {
        if (in_reach(near + distance, site) && map_page(code, page, near + distance)) {
            return true;
        }
    }
    return false;
}

static uint64_t find(const struct page *page, const struct gnomon_displaced *displaced) {
    uint8_t stub[STUB_LIMIT];
    for (uint64_t unit = 1; unit < page->used; unit++) {
        uint64_t address = page->address + unit * UNIT;
        if (page->begins[unit] != displaced->bytes + 1) {
            continue;
        }
        uint64_t length = assemble(stub, address, page->address, displaced);
        if (length != 0 && memcmp(stub, (const void *)address, length) == 0) {
            return address;
        }
    }
    return 0;
}

static uint64_t append(const struct gnomon_code *code, struct page *page, const struct gnomon_displaced *displaced) {
    uint8_t stub[STUB_LIMIT];
    uint64_t address = page->address + page->used * UNIT;
    uint64_t length = assemble(stub, address, page->address, displaced);
    if (length == 0 || !gnomon_code_write(code, address, stub, length)) {
        return 0;
    }
    page->begins[page->used] = (uint8_t)(displaced->bytes + 1);
    page->used += length / UNIT;
    return address;
}

uint64_t gnomon_stub(const struct gnomon_code *code, const struct gnomon_displaced *displaced, uint64_t near) {
    struct page *room = NULL;
    for (uint32_t i = 0; i < page_count; i++) {
        if (in_reach(pages[i].address, displaced->site)) {
            uint64_t found = find(&pages[i], displaced);
            if (found != 0) {
                return found;
            }
            room = pages[i].used + STUB_LIMIT / UNIT <= UNITS ? &pages[i] : room;
        }
    }
    if (room == NULL) {
        if (page_count == PAGE_LIMIT || !open_page(code, &pages[page_count], displaced->site, near)) {
            return 0;
        }
        room = &pages[page_count];
        __atomic_store_n(&page_count, page_count + 1, __ATOMIC_RELEASE);
    }
    return append(code, room, displaced);
}

static const struct page *page_of(uint64_t address) {
    uint32_t count = __atomic_load_n(&page_count, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < count; i++) {
        if (address >= pages[i].address && address < pages[i].address + PAGE) {
            return &pages[i];
        }
    }
    return NULL;
}

bool gnomon_in_stub(uint64_t address) {
    return page_of(address) != NULL;
}

bool gnomon_leads_to_stub(uint64_t address) {
    uint8_t jump[5];
    int32_t distance;
    if (!gnomon_copy_in(jump, address, sizeof(jump)) || jump[0] != 0xe9) {
        return false;
    }
    memcpy(&distance, jump + 1, sizeof(distance));
    uint64_t target = address + sizeof(jump) + (uint64_t)(int64_t)distance;
    const struct page *page = page_of(target);
    return page != NULL && page->begins[(target - page->address) / UNIT] == 1; /* nothing displaced: no mov jumps there */
}

uint64_t gnomon_stub_origin(uint64_t address) {
    const struct page *page = page_of(address);
    if (page == NULL) {
        return address;
    }
    uint64_t unit = (address - page->address) / UNIT;
    while (unit > 0 && page->begins[unit] == 0) {
        unit--;
    }
    uint64_t stub = page->address + unit * UNIT;
    uint64_t displaced = unit == 0 ? 0 : page->begins[unit] - 1U;
    if (address - stub >= displaced) {
        return address;
    }
    /* The lea behind the displaced instructions knows the site. */
    int32_t distance;
    memcpy(&distance, (const void *)(stub + displaced + LEA_BYTES - sizeof(distance)), sizeof(distance));
    uint64_t site = stub + displaced + LEA_BYTES + (uint64_t)(int64_t)distance - GNOMON_SYSCALL_BYTES;
    return site - displaced + (address - stub);
}
