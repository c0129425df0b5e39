/* Prints one line a constant of the shared layouts: its name, a blank, its value in decimal. */
#include <gnomon/slot.h>
#include <stdio.h>

#define VALUE(name) printf("%s %lld\n", #name, (long long)(name))
#define OFFSET(structure, field) printf("%s.%s %zu\n", #structure, #field, offsetof(struct structure, field))
#define SIZE(structure) printf("%s %zu\n", #structure, sizeof(struct structure))

static void arena(void) {
    VALUE(GNOMON_ARENA_MAGIC);
    VALUE(GNOMON_ARENA_VERSION);
    VALUE(GNOMON_ADDRESSES_OFFSET);
    VALUE(GNOMON_ADDRESS_MULTIPLIER);
    VALUE(GNOMON_WORKER_WORDS_OFFSET);
    VALUE(GNOMON_WORKER_WORD_STRIDE);
    VALUE(GNOMON_WORKER_LIMIT);
    VALUE(GNOMON_RUN_REAL_COUNTER);
    VALUE(GNOMON_RUN_NO_PATCHES);
    OFFSET(gnomon_arena_header, magic);
    OFFSET(gnomon_arena_header, version);
    OFFSET(gnomon_arena_header, run_flags);
    OFFSET(gnomon_arena_header, real_start_nanos);
    OFFSET(gnomon_arena_header, virtual_start_nanos);
    OFFSET(gnomon_arena_header, worker_count);
    OFFSET(gnomon_arena_header, host_count);
    OFFSET(gnomon_arena_header, blocks_offset);
    OFFSET(gnomon_arena_header, block_bytes);
    OFFSET(gnomon_arena_header, address_bits);
}

static void host(void) {
    VALUE(GNOMON_PAGE_BYTES);
    VALUE(GNOMON_HOST_TRACE_ALL);
    VALUE(GNOMON_HOST_LOCAL_CALLS);
    VALUE(GNOMON_FUTEX_BUCKETS);
    OFFSET(gnomon_host_header, clock_nanos);
    OFFSET(gnomon_host_header, monotonic_origin_nanos);
    OFFSET(gnomon_host_header, flags);
    OFFSET(gnomon_host_header, address);
    OFFSET(gnomon_host_header, call_nanos);
    OFFSET(gnomon_host_header, time_call_nanos);
    OFFSET(gnomon_host_header, maximum_unapplied_nanos);
    OFFSET(gnomon_host_header, tracer_word);
    OFFSET(gnomon_host_header, random);
    OFFSET(gnomon_host_header, futex_waiters);
}

static void process(void) {
    VALUE(GNOMON_PROCESS_RECORD_BYTES);
    VALUE(GNOMON_PROCESS_RELATIVE_PATHS_CROSS);
    VALUE(GNOMON_PROCESS_NOTIFIES);
    VALUE(GNOMON_PROCESS_WATCHED);
    VALUE(GNOMON_DESCRIPTOR_LIMIT);
    VALUE(GNOMON_SIGNALS);
    VALUE(GNOMON_DESCRIPTOR_NATIVE);
    VALUE(GNOMON_DESCRIPTOR_OPAQUE);
    OFFSET(gnomon_process_record, flags);
    OFFSET(gnomon_process_record, real_process_id);
    OFFSET(gnomon_process_record, process_id);
    OFFSET(gnomon_process_record, parent_process_id);
    OFFSET(gnomon_process_record, user_id);
    OFFSET(gnomon_process_record, effective_user_id);
    OFFSET(gnomon_process_record, group_id);
    OFFSET(gnomon_process_record, effective_group_id);
    OFFSET(gnomon_process_record, descriptors_end);
    OFFSET(gnomon_process_record, signal_actions_set);
    OFFSET(gnomon_process_record, descriptors);
    OFFSET(gnomon_process_record, signal_actions);
}

static void object(void) {
    VALUE(GNOMON_OBJECT_BYTES);
    VALUE(GNOMON_OBJECT_UNIT);
    VALUE(GNOMON_MIRROR_BYTES);
    VALUE(GNOMON_OBJECT_OPAQUE);
    VALUE(GNOMON_OBJECT_STREAM);
    VALUE(GNOMON_OBJECT_DATAGRAM);
    VALUE(GNOMON_OBJECT_LISTENER);
    VALUE(GNOMON_OBJECT_COUNTER);
    VALUE(GNOMON_OBJECT_EPOLL);
    VALUE(GNOMON_OBJECT_SOCKET);
    VALUE(GNOMON_OBJECT_COMPLETE);
    VALUE(GNOMON_OBJECT_END);
    VALUE(GNOMON_OBJECT_READS);
    VALUE(GNOMON_OBJECT_WRITES);
    VALUE(GNOMON_OBJECT_READ_EFFECTS);
    VALUE(GNOMON_OBJECT_WRITE_EFFECTS);
    VALUE(GNOMON_OBJECT_NOTES_FULL);
    VALUE(GNOMON_OBJECT_NAMED);
    VALUE(GNOMON_OBJECT_CONNECTED);
    VALUE(GNOMON_OBJECT_NO_ERROR);
    VALUE(GNOMON_OBJECT_CONTROL);
    VALUE(GNOMON_OBJECT_SEMAPHORE);
    VALUE(GNOMON_OBJECT_PAIRED);
    OFFSET(gnomon_object, kind);
    OFFSET(gnomon_object, flags);
    OFFSET(gnomon_object, status_flags);
    OFFSET(gnomon_object, events);
    OFFSET(gnomon_object, readable_events);
    OFFSET(gnomon_object, writable_events);
    OFFSET(gnomon_object, begin);
    OFFSET(gnomon_object, end);
    OFFSET(gnomon_object, mirror);
    OFFSET(gnomon_object, room);
    OFFSET(gnomon_object, writable_room);
    OFFSET(gnomon_object, value);
    OFFSET(gnomon_object, local_address);
    OFFSET(gnomon_object, remote_address);
    OFFSET(gnomon_object, local_port);
    OFFSET(gnomon_object, remote_port);
    OFFSET(gnomon_object, domain);
    OFFSET(gnomon_object, type);
    OFFSET(gnomon_object, protocol);
    OFFSET(gnomon_object, room_unit);
    SIZE(gnomon_datagram);
    OFFSET(gnomon_datagram, source_address);
    OFFSET(gnomon_datagram, source_port);
    OFFSET(gnomon_datagram, bytes);
}

static void epoll(void) {
    VALUE(GNOMON_EPOLL_TABLE_BYTES);
    VALUE(GNOMON_EPOLL_DESCRIPTORS);
    VALUE(GNOMON_EPOLL_READY_LIMIT);
    VALUE(GNOMON_EPOLL_STALE);
    VALUE(GNOMON_EPOLL_CROSSES);
    OFFSET(gnomon_epoll_table, flags);
    OFFSET(gnomon_epoll_table, ready_count);
    OFFSET(gnomon_epoll_table, ready);
    OFFSET(gnomon_epoll_table, watched);
    SIZE(gnomon_epoll_ready);
    OFFSET(gnomon_epoll_ready, data);
    OFFSET(gnomon_epoll_ready, object);
    OFFSET(gnomon_epoll_ready, events);
    OFFSET(gnomon_epoll_ready, descriptor);
}

static void log_entry(void) {
    SIZE(gnomon_log_entry);
    VALUE(GNOMON_LOG_BYTES);
    VALUE(GNOMON_LOG_READ);
    VALUE(GNOMON_LOG_WRITE);
    VALUE(GNOMON_LOG_EPOLL_WAIT);
    VALUE(GNOMON_LOG_EPOLL_CONTROL);
    VALUE(GNOMON_LOG_STATUS_FLAGS);
    VALUE(GNOMON_LOG_CLOSE);
    VALUE(GNOMON_LOG_SET_OPTION);
    VALUE(GNOMON_LOG_SIGNAL_ACTION);
    OFFSET(gnomon_log_entry, operation);
    OFFSET(gnomon_log_entry, named);
    OFFSET(gnomon_log_entry, descriptor);
    OFFSET(gnomon_log_entry, result);
    OFFSET(gnomon_log_entry, requested);
    OFFSET(gnomon_log_entry, flags);
    OFFSET(gnomon_log_entry, payload);
    OFFSET(gnomon_log_entry, value);
    OFFSET(gnomon_log_entry, address);
    OFFSET(gnomon_log_entry, port);
}

static void worker_word(void) {
    SIZE(gnomon_worker_word);
    OFFSET(gnomon_worker_word, sequence);
    OFFSET(gnomon_worker_word, sleeping);
    OFFSET(gnomon_worker_word, guest_processor);
    OFFSET(gnomon_worker_word, guest_looks);
    OFFSET(gnomon_worker_word, guest_priority);
}

static void slot(void) {
    VALUE(GNOMON_THREAD_SLOT_BYTES);
    VALUE(GNOMON_TRANSFER_BYTES);
    VALUE(GNOMON_RANGE_LIMIT);
    VALUE(GNOMON_INSTALL_LIMIT);
    VALUE(GNOMON_SIGINFO_BYTES);
    VALUE(GNOMON_STATE_IDLE);
    VALUE(GNOMON_STATE_RUNNING);
    VALUE(GNOMON_STATE_CALL);
    VALUE(GNOMON_STATE_GONE);
    VALUE(GNOMON_PHASE_NEW_CALL);
    VALUE(GNOMON_PHASE_AFTER_NATIVE);
    VALUE(GNOMON_PHASE_AFTER_INSTALL);
    VALUE(GNOMON_PHASE_THREAD_START);
    VALUE(GNOMON_PHASE_PROCESS_START);
    VALUE(GNOMON_PHASE_EXEC_START);
    VALUE(GNOMON_PHASE_SPAWNED);
    VALUE(GNOMON_PHASE_SIGNAL_RETURN);
    VALUE(GNOMON_PHASE_FAULT);
    VALUE(GNOMON_PHASE_ENTRY);
    VALUE(GNOMON_PHASE_COPIES_MADE);
    VALUE(GNOMON_PHASE_COPY_START);
    VALUE(GNOMON_PHASE_WATCHED_CALL);
    VALUE(GNOMON_REPLY_RESULT);
    VALUE(GNOMON_REPLY_NATIVE);
    VALUE(GNOMON_REPLY_NATIVE_REPORT);
    VALUE(GNOMON_REPLY_NATIVE_PATH);
    VALUE(GNOMON_REPLY_NATIVE_PATH_REPORT);
    VALUE(GNOMON_REPLY_INSTALL);
    VALUE(GNOMON_REPLY_SPAWN);
    VALUE(GNOMON_REPLY_EXEC);
    VALUE(GNOMON_REPLY_EXIT_THREAD);
    VALUE(GNOMON_REPLY_EXIT_PROCESS);
    VALUE(GNOMON_REPLY_DIE);
    VALUE(GNOMON_REPLY_COPY);
    VALUE(GNOMON_INSTALL_REPORT);
    VALUE(GNOMON_INSTALL_COMPLETE);
    VALUE(GNOMON_INSTALL_COMPLETE_PAIR);
    VALUE(GNOMON_REPLY_RESTART);
    VALUE(GNOMON_RANGE_IN);
    VALUE(GNOMON_RANGE_OUT);
    VALUE(GNOMON_RANGE_INOUT);
    SIZE(gnomon_copy);
    OFFSET(gnomon_copy, host);
    OFFSET(gnomon_copy, process_page);
    OFFSET(gnomon_copy, thread_page);
    OFFSET(gnomon_copy, result);
    SIZE(gnomon_range);
    OFFSET(gnomon_range, guest_address);
    OFFSET(gnomon_range, length);
    OFFSET(gnomon_range, transfer_offset);
    OFFSET(gnomon_range, direction);
    OFFSET(gnomon_range, written);
    SIZE(gnomon_slot);
    OFFSET(gnomon_slot, guest_word);
    OFFSET(gnomon_slot, guest_sleeping);
    OFFSET(gnomon_slot, guest_state);
    OFFSET(gnomon_slot, phase);
    OFFSET(gnomon_slot, call_number);
    OFFSET(gnomon_slot, range_count);
    OFFSET(gnomon_slot, native_result);
    OFFSET(gnomon_slot, local_time_calls);
    OFFSET(gnomon_slot, local_calls);
    OFFSET(gnomon_slot, arguments);
    OFFSET(gnomon_slot, installed);
    OFFSET(gnomon_slot, real_process_id);
    OFFSET(gnomon_slot, real_thread_id);
    OFFSET(gnomon_slot, instruction_pointer);
    OFFSET(gnomon_slot, stack_pointer);
    OFFSET(gnomon_slot, log_count);
    OFFSET(gnomon_slot, log_bytes);
    OFFSET(gnomon_slot, blocked_signals);
    OFFSET(gnomon_slot, trapped_calls);
    OFFSET(gnomon_slot, worker_index);
    OFFSET(gnomon_slot, process_page);
    OFFSET(gnomon_slot, thread_id);
    OFFSET(gnomon_slot, calls_left);
    OFFSET(gnomon_slot, unapplied_nanos);
    OFFSET(gnomon_slot, pending_signals);
    OFFSET(gnomon_slot, notification);
    OFFSET(gnomon_slot, reply_kind);
    OFFSET(gnomon_slot, reply_flags);
    OFFSET(gnomon_slot, reply_value);
    OFFSET(gnomon_slot, reply_parameter);
    OFFSET(gnomon_slot, signal.number);
    OFFSET(gnomon_slot, signal.handler);
    OFFSET(gnomon_slot, signal.flags);
    OFFSET(gnomon_slot, signal.restorer);
    OFFSET(gnomon_slot, signal.saved_mask);
    OFFSET(gnomon_slot, signal.stack_base);
    OFFSET(gnomon_slot, signal.stack_bytes);
    OFFSET(gnomon_slot, signal.siginfo);
    OFFSET(gnomon_slot, fault_siginfo);
    OFFSET(gnomon_slot, install_objects);
    OFFSET(gnomon_slot, ranges);
    OFFSET(gnomon_slot, transfer);
    OFFSET(gnomon_slot, log);
}

int main(void) {
    arena();
    worker_word();
    host();
    process();
    object();
    epoll();
    log_entry();
    slot();
    return 0;
}
