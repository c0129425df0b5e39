/* Calls that the shim answers itself, as slot.h says; a file each for what they are about. */
#ifndef GNOMON_LOCAL_H
#define GNOMON_LOCAL_H

#include "call.h"

/* Answers the call, if it can be sure of the answer: true, with the result in *result. Otherwise nothing has changed. */
bool gnomon_answer_locally(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);

/* The same for some calls each; they do not count the call, and are only asked for those that they know. */
bool gnomon_answer_receive(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);
bool gnomon_answer_send(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);
bool gnomon_answer_send_file(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);
bool gnomon_answer_poll(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);
bool gnomon_answer_epoll(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);
bool gnomon_answer_descriptor(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);
bool gnomon_answer_identity(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);
bool gnomon_answer_signal_mask(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);
bool gnomon_answer_signal_action(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);
bool gnomon_answer_random(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);
bool gnomon_answer_futex(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);

#endif
