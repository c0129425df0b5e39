/* What a process sees of the arena. */
#ifndef GNOMON_START_H
#define GNOMON_START_H

#include "shim.h"

/* In a copy: maps another host's block in place of the one that it inherited. False where that cannot be. */
bool gnomon_start_in_block(uint32_t host);

#endif
