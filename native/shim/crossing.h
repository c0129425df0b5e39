/* Handing the CPU to the engine. */
#ifndef GNOMON_CROSSING_H
#define GNOMON_CROSSING_H

#include "thread.h"

/* Publishes the slot as it was filled and sleeps until the engine answered. */
void gnomon_cross(struct gnomon_thread *thread, enum gnomon_phase phase);

/* The slot's last word: the thread leaves and never touches it again. */
void gnomon_cross_gone(struct gnomon_thread *thread);

#endif
