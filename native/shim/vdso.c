#include "vdso.h"
#include "local_time.h"
#include "raw.h"
#include <linux/elf.h>

#define PAGE UINT64_C(4096)
#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#define IMAGE_LIMIT (UINT64_C(64) * PAGE)

struct redirection {
    const char *name;
    const void *target;
};

/* jmp *0(%rip), followed by the address. */
struct jump {
    uint8_t instruction[6];
    uint64_t target;
} __attribute__((packed));

static bool equal(const char *left, const char *right) {
    while (*left != 0 && *left == *right) {
        left++;
        right++;
    }
    return *left == *right;
}

static const void *target_of(const char *name) {
    const struct redirection redirections[] = {
        {"__vdso_clock_gettime", gnomon_vdso_clock_gettime}, {"__vdso_gettimeofday", gnomon_vdso_gettimeofday},
        {"__vdso_time", gnomon_vdso_time},                   {"__vdso_clock_getres", gnomon_vdso_clock_getres},
        {"__vdso_getcpu", gnomon_vdso_getcpu},               {"__vdso_getrandom", gnomon_vdso_getrandom},
    };
    for (size_t i = 0; i < sizeof(redirections) / sizeof(redirections[0]); i++) {
        if (equal(name, redirections[i].name)) {
            return redirections[i].target;
        }
    }
    return NULL;
}

static const Elf64_Shdr *dynamic_symbols(const Elf64_Ehdr *image) {
    const Elf64_Shdr *sections = (const Elf64_Shdr *)((const char *)image + image->e_shoff);
    for (unsigned i = 0; i < image->e_shnum; i++) {
        if (sections[i].sh_type == SHT_DYNSYM) {
            return &sections[i];
        }
    }
    return NULL;
}

static bool patch(const Elf64_Ehdr *image, const Elf64_Shdr *table) {
    const Elf64_Shdr *sections = (const Elf64_Shdr *)((const char *)image + image->e_shoff);
    const Elf64_Sym *symbols = (const Elf64_Sym *)((const char *)image + table->sh_offset);
    const char *names = (const char *)image + sections[table->sh_link].sh_offset;
    for (uint64_t i = 0; i < table->sh_size / sizeof(Elf64_Sym); i++) {
        const void *target = target_of(names + symbols[i].st_name);
        if (target == NULL) {
            continue;
        }
        struct jump jump = {.instruction = {0xff, 0x25, 0, 0, 0, 0}, .target = (uint64_t)target};
        if (symbols[i].st_size < sizeof(jump)) {
            return false;
        }
        memcpy((char *)image + symbols[i].st_value, &jump, sizeof(jump));
    }
    return true;
}

bool gnomon_vdso_redirect(uint64_t base, const struct gnomon_start *start) {
    /* All of it at once: no mapping is split. The header may lie under the bootstrap, and says the length. */
    Elf64_Ehdr header;
    bool covered = start->covered == base;
    memcpy(&header, covered ? (const void *)start->covered_bytes : (const void *)base, sizeof(header));
    uint64_t bytes = header.e_shoff + (uint64_t)header.e_shnum * sizeof(Elf64_Shdr);
    if (header.e_shentsize != sizeof(Elf64_Shdr) || bytes > IMAGE_LIMIT) {
        return false;
    }
    bytes = (bytes + PAGE - 1) & ~(PAGE - 1);
    if (gnomon_raw3(__NR_mprotect, (long)base, (long)bytes, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) {
        return false;
    }
    if (covered) {
        memcpy((void *)start->covered, start->covered_bytes, sizeof(start->covered_bytes));
    }
    const Elf64_Ehdr *image = (const Elf64_Ehdr *)base;
    const Elf64_Shdr *table = dynamic_symbols(image);
    bool patched = table != NULL && patch(image, table);
    gnomon_raw3(__NR_mprotect, (long)base, (long)bytes, PROT_READ | PROT_EXEC);
    return patched;
}
