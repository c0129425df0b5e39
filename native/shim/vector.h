/* Vector registers, in the form in which XSAVE stores them and signal frames hold them. */
#ifndef GNOMON_VECTOR_H
#define GNOMON_VECTOR_H

#include "shim.h"

/* Where the XSAVE header begins: the components that are not in their initial state (SDM volume 1, 13.4.2). */
#define GNOMON_VECTOR_HEADER 512

/* The components that frames hold, and the bytes they take. Written once, at start-up. */
extern uint64_t gnomon_vector_components;
extern uint32_t gnomon_vector_bytes;

/* Finds out what the CPU has; false on one without XSAVE. */
bool gnomon_vector_prepare(void);

/* Stores the registers at `vector`, which is aligned to 64 bytes. */
void gnomon_vector_save(uint8_t *vector);

/* Puts the registers into the state in which the kernel lets handlers begin, by way of `vector`. Protection keys stay. */
void gnomon_vector_reset(uint8_t *vector);

#endif
