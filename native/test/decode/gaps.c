/*
 * Looks for gaps everywhere in a program's code and compares them with its disassembly: each must lie behind an instruction
 * from which execution does not go on, and no direct branch may lead into it.
 *
 *   objdump -d -w PROGRAM | gaps PROGRAM
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "../../shim/copy.h"
#include "../../shim/gap.h"
#undef calloc
#undef fprintf
#undef printf
#undef strlen

#define STEP 40

enum mark { BEGINS = 1, BEGINS_AFTER_END = 2, BRANCHED_TO = 4 };

/* Here the code is memory of the test's own. */
uint64_t gnomon_copy(void *destination, const void *source, uint64_t bytes) {
    memcpy(destination, source, bytes);
    return 0;
}

static bool is_one_of(const char *text, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strncmp(text, words[i], strlen(words[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool ends_flow(const char *text) {
    static const char *const words[] = {"ret", "repz ret", "jmp", "notrack jmp", "bnd jmp", "bnd ret", "ud2", "hlt", "int3"};
    return is_one_of(text, words, sizeof(words) / sizeof(words[0]));
}

static bool branches(const char *text) {
    static const char *const words[] = {"j", "call", "loop", "bnd j", "bnd call", "notrack j"};
    return is_one_of(text, words, sizeof(words) / sizeof(words[0]));
}

/* Marks what the disassembly says of the addresses from `begin` to `end`. */
static void read_disassembly(uint8_t *marks, uint64_t begin, uint64_t end) {
    char line[4096];
    bool ended = false;
    while (fgets(line, sizeof(line), stdin) != NULL) {
        char *after;
        uint64_t address = strtoull(line, &after, 16);
        char *text = strrchr(line, '\t');
        if (strncmp(after, ":\t", 2) != 0 || text == after + 1 || address < begin || address >= end) {
            continue;
        }
        text++;
        marks[address - begin] |= (uint8_t)(BEGINS | (ended ? BEGINS_AFTER_END : 0));
        ended = ends_flow(text);
        const char *operand = strrchr(text, '<');
        if (branches(text) && operand != NULL && strchr(text, '#') == NULL) {
            while (operand > text && operand[-1] == ' ') {
                operand--;
            }
            while (operand > text && operand[-1] != ' ') {
                operand--;
            }
            uint64_t target = strtoull(operand, NULL, 16);
            if (target >= begin && target < end) {
                marks[target - begin] |= BRANCHED_TO;
            }
        }
    }
}

static const Elf64_Phdr *code_of(const uint8_t *file) {
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)file;
    const Elf64_Phdr *segment = (const Elf64_Phdr *)(file + header->e_phoff);
    while (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0) {
        segment++;
    }
    return segment;
}

static bool is_right(const uint8_t *marks, uint64_t offset, uint64_t length) {
    bool branched = false;
    for (uint64_t i = 0; i < length; i++) {
        branched |= (marks[offset + i] & BRANCHED_TO) != 0;
    }
    return (marks[offset] & BEGINS_AFTER_END) != 0 && !branched;
}

int main(int count, char **arguments) {
    struct stat status;
    int descriptor = count == 2 ? open(arguments[1], O_RDONLY) : -1;
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        fprintf(stderr, "usage: objdump -d -w PROGRAM | gaps PROGRAM\n");
        return 2;
    }
    const uint8_t *file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    const Elf64_Phdr *code = code_of(file);
    uint8_t *marks = calloc(1, code->p_filesz);
    read_disassembly(marks, code->p_vaddr, code->p_vaddr + code->p_filesz);
    uint64_t begin = (uint64_t)file + code->p_offset;
    long found = 0, wrong = 0;
    for (uint64_t from = begin; from < begin + code->p_filesz; from += STEP) {
        struct gnomon_gap gap;
        if (gnomon_gap_find(from, begin, begin + code->p_filesz, &gap)) {
            found++;
            if (!is_right(marks, gap.address - begin, gap.length)) {
                wrong++;
                printf("no gap at %#lx, of %lu bytes\n", gap.address - begin + code->p_vaddr, gap.length);
            }
        }
    }
    printf("%ld times a gap, %ld wrong\n", found, wrong);
    return wrong != 0 || found < 100;
}
