/* Putting strings together, in memory that is there already. */
#ifndef GNOMON_TEXT_H
#define GNOMON_TEXT_H

#include "shim.h"

struct gnomon_text {
    char *start;
    uint64_t length;
    uint64_t limit;
};

static inline void gnomon_text_add(struct gnomon_text *text, const char *string) {
    while (*string != 0 && text->length < text->limit) {
        text->start[text->length++] = *string++;
    }
}

static inline void gnomon_text_add_in_base(struct gnomon_text *text, uint64_t value, unsigned base) {
    char digits[24];
    int count = (int)sizeof(digits) - 1;
    digits[count] = 0;
    do {
        digits[--count] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    gnomon_text_add(text, digits + count);
}

static inline void gnomon_text_add_number(struct gnomon_text *text, uint64_t value) {
    gnomon_text_add_in_base(text, value, 10);
}

/* Ends the string with a NUL; false where it did not fit. */
static inline bool gnomon_text_end_string(struct gnomon_text *text) {
    if (text->length == text->limit) {
        return false;
    }
    text->start[text->length++] = 0;
    return true;
}

#endif
