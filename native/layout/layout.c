/* Prints one line a constant of the shared layouts: its name, a blank, its value in decimal. */
#include <gnomon/slot.h>
#include <stdio.h>

#define VALUE(name) printf("%s %lld\n", #name, (long long)(name))
#define OFFSET(structure, field) printf("%s.%s %zu\n", #structure, #field, offsetof(struct structure, field))
#define SIZE(structure) printf("%s %zu\n", #structure, sizeof(struct structure))

static void arena(void) {
    VALUE(GNOMON_ARENA_MAGIC);
    VALUE(GNOMON_ARENA_VERSION);
    VALUE(GNOMON_ARENA_HEADER_BYTES);
    VALUE(GNOMON_WORKER_WORDS_OFFSET);
    VALUE(GNOMON_WORKER_WORD_STRIDE);
    VALUE(GNOMON_WORKER_LIMIT);
    VALUE(GNOMON_RUN_REAL_COUNTER);
    OFFSET(gnomon_arena_header, magic);
    OFFSET(gnomon_arena_header, version);
    OFFSET(gnomon_arena_header, run_flags);
    OFFSET(gnomon_arena_header, real_start_nanos);
    OFFSET(gnomon_arena_header, virtual_start_nanos);
    OFFSET(gnomon_arena_header, worker_count);
    OFFSET(gnomon_arena_header, host_count);
}

static void host(void) {
    VALUE(GNOMON_HOST_BLOCK_BYTES);
    VALUE(GNOMON_PROCESS_LIMIT);
    VALUE(GNOMON_PROCESS_RECORD_BYTES);
    VALUE(GNOMON_PROCESS_RECORDS_OFFSET);
    VALUE(GNOMON_THREAD_LIMIT);
    VALUE(GNOMON_THREAD_SLOT_BYTES);
    VALUE(GNOMON_THREAD_SLOTS_OFFSET);
    VALUE(GNOMON_HOST_TRACE_ALL);
    VALUE(GNOMON_HOST_LOCAL_TIME);
    VALUE(GNOMON_LOCAL_TIME_CALLS);
    OFFSET(gnomon_host_header, clock_nanos);
    OFFSET(gnomon_host_header, monotonic_origin_nanos);
    OFFSET(gnomon_host_header, flags);
    OFFSET(gnomon_host_header, tracer_word);
    VALUE(GNOMON_PROCESS_RELATIVE_PATHS_CROSS);
    VALUE(GNOMON_DESCRIPTOR_LIMIT);
    OFFSET(gnomon_process_record, flags);
    OFFSET(gnomon_process_record, real_process_id);
    OFFSET(gnomon_process_record, emulated_descriptors);
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
    VALUE(GNOMON_REPLY_RESTART);
    VALUE(GNOMON_RANGE_IN);
    VALUE(GNOMON_RANGE_OUT);
    VALUE(GNOMON_RANGE_INOUT);
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
    OFFSET(gnomon_slot, local_calls);
    OFFSET(gnomon_slot, arguments);
    OFFSET(gnomon_slot, installed);
    OFFSET(gnomon_slot, real_process_id);
    OFFSET(gnomon_slot, real_thread_id);
    OFFSET(gnomon_slot, instruction_pointer);
    OFFSET(gnomon_slot, stack_pointer);
    OFFSET(gnomon_slot, worker_index);
    OFFSET(gnomon_slot, process_index);
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
    OFFSET(gnomon_slot, ranges);
    OFFSET(gnomon_slot, transfer);
}

int main(void) {
    arena();
    worker_word();
    host();
    slot();
    return 0;
}
