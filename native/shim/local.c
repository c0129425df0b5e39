#include "local.h"
#include "budget.h"
#include "local_time.h"

typedef bool answer(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);

/* By number; NULL for calls that only the engine or the kernel answers. */
static answer *const answers[] = {
    [__NR_read] = gnomon_answer_receive,
    [__NR_readv] = gnomon_answer_receive,
    [__NR_recvfrom] = gnomon_answer_receive,
    [__NR_recvmsg] = gnomon_answer_receive,
    [__NR_write] = gnomon_answer_send,
    [__NR_writev] = gnomon_answer_send,
    [__NR_sendto] = gnomon_answer_send,
    [__NR_sendmsg] = gnomon_answer_send,
    [__NR_sendmmsg] = gnomon_answer_send,
    [__NR_sendfile] = gnomon_answer_send_file,
    [__NR_poll] = gnomon_answer_poll,
    [__NR_ppoll] = gnomon_answer_poll,
    [__NR_select] = gnomon_answer_poll,
    [__NR_pselect6] = gnomon_answer_poll,
    [__NR_epoll_wait] = gnomon_answer_epoll,
    [__NR_epoll_pwait] = gnomon_answer_epoll,
    [__NR_epoll_pwait2] = gnomon_answer_epoll,
    [__NR_epoll_ctl] = gnomon_answer_epoll,
    [__NR_close] = gnomon_answer_descriptor,
    [__NR_fcntl] = gnomon_answer_descriptor,
    [__NR_ioctl] = gnomon_answer_descriptor,
    [__NR_getsockname] = gnomon_answer_descriptor,
    [__NR_getpeername] = gnomon_answer_descriptor,
    [__NR_getsockopt] = gnomon_answer_descriptor,
    [__NR_setsockopt] = gnomon_answer_descriptor,
    [__NR_accept] = gnomon_answer_descriptor,
    [__NR_accept4] = gnomon_answer_descriptor,
    [__NR_getpid] = gnomon_answer_identity,
    [__NR_gettid] = gnomon_answer_identity,
    [__NR_getppid] = gnomon_answer_identity,
    [__NR_getuid] = gnomon_answer_identity,
    [__NR_geteuid] = gnomon_answer_identity,
    [__NR_getgid] = gnomon_answer_identity,
    [__NR_getegid] = gnomon_answer_identity,
    [__NR_rt_sigprocmask] = gnomon_answer_signal_mask,
    [__NR_rt_sigaction] = gnomon_answer_signal_action,
    [__NR_getrandom] = gnomon_answer_random,
    [__NR_futex] = gnomon_answer_futex,
};

bool gnomon_answer_locally(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    if (call->number < 0 || (size_t)call->number >= sizeof(answers) / sizeof(answers[0]) || answers[call->number] == NULL) {
        return gnomon_answer_time(thread, call, result);
    }
    if (!gnomon_answers_locally() || !gnomon_budget_allows(thread, gnomon_process.host->call_nanos) ||
        !answers[call->number](thread, call, result)) {
        return false;
    }
    gnomon_budget_count(thread);
    return true;
}
