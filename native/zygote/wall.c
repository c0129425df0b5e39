/* The wall and its gate; see wall.h. */
#define _GNU_SOURCE
#include "wall.h"
#include "gate.h"
#include "../shim/caught.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What must not reach the kernel from outside the shim. */
static const uint16_t forbidden[] = {
    /* Sockets. */
    SYS_socket, SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept, SYS_accept4, SYS_sendto, SYS_sendmsg,
    SYS_sendmmsg, SYS_recvfrom, SYS_recvmsg, SYS_recvmmsg,
    /* Other processes. */
    SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_pidfd_open, SYS_pidfd_getfd,
    SYS_pidfd_send_signal, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise, SYS_setsid,
    SYS_setpgid, SYS_setpriority, SYS_shmget, SYS_shmat, SYS_msgget, SYS_semget, SYS_mq_open,
    /* New processes, programs and handlers, of which the engine would not know. */
    SYS_clone, SYS_clone3, SYS_fork, SYS_vfork, SYS_execve, SYS_execveat, SYS_rt_sigaction,
    /* Real time. */
    SYS_clock_settime, SYS_settimeofday, SYS_adjtimex, SYS_clock_adjtime, SYS_clock_nanosleep, SYS_nanosleep,
    SYS_timer_create, SYS_setitimer, SYS_alarm, SYS_timerfd_create,
    /* The machine. */
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_move_mount, SYS_open_tree, SYS_fsopen, SYS_fsmount,
    SYS_mount_setattr, SYS_unshare, SYS_setns, SYS_sethostname, SYS_setdomainname, SYS_reboot, SYS_kexec_load,
    SYS_kexec_file_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_swapon, SYS_swapoff, SYS_acct,
    SYS_quotactl, SYS_iopl, SYS_ioperm, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_syslog, SYS_add_key,
    SYS_request_key, SYS_keyctl,
    /* Calls that are made without a system call, or later. */
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_io_setup, SYS_io_submit,
};

#define FORBIDDEN (sizeof forbidden / sizeof *forbidden)
#define LOW offsetof(struct seccomp_data, instruction_pointer)
#define HIGH (offsetof(struct seccomp_data, instruction_pointer) + 4)
#define SYSCALL_BYTES 2
#define X32_BIT 0x40000000 /* __X32_SYSCALL_BIT */

/* The checks before the list, the list, the two answers. */
#define PROGRAM_LIMIT (13 + FORBIDDEN + 2)

static const uint8_t gate[] = {0x0f, 0x05, 0xc3}; /* syscall; ret */
static struct sock_filter instructions[PROGRAM_LIMIT];
static struct sock_fprog program = {.filter = instructions};

static void add(uint16_t code, uint32_t operand, uint8_t if_true, uint8_t if_false) {
    instructions[program.len++] = (struct sock_filter){code, if_true, if_false, operand};
}

int wall_prepare(const struct gnomon_image_header *image) {
    const uint32_t action = SECCOMP_RET_TRAP;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0) {
        return errno;
    }
    void *page = mmap((void *)GNOMON_GATE_ADDRESS, sizeof gate, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (page == MAP_FAILED) {
        return errno;
    }
    __builtin_memcpy(page, gate, sizeof gate);
    if (mprotect(page, sizeof gate, PROT_READ | PROT_EXEC) < 0) {
        return errno;
    }
    gate_instructions = page;

    /* Image and gate lie within the same 4 GB, so the upper half of the address is asked first and alone. */
    const uint32_t begin = (uint32_t)image->text_begin, end = (uint32_t)image->text_end;
    const uint32_t gate_returns = (uint32_t)(GNOMON_GATE_ADDRESS + SYSCALL_BYTES);
    program.len = 0;
    add(BPF_LD | BPF_W | BPF_ABS, HIGH, 0, 0);
    add(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(image->text_begin >> 32), 1, 0);
    /* The vsyscall page, which the dispatch does not see: the shim takes the trap for one of its own. */
    add(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(GNOMON_VSYSCALL_ADDRESS >> 32), (uint8_t)(FORBIDDEN + 11), 6); /* to the trap; to the architecture */
    add(BPF_LD | BPF_W | BPF_ABS, LOW, 0, 0);
    add(BPF_JMP | BPF_JGT | BPF_K, end, 2, 0);                                 /* to the gate */
    add(BPF_JMP | BPF_JGT | BPF_K, begin, 0, 3);                               /* the address is behind the instruction */
    add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    add(BPF_JMP | BPF_JEQ | BPF_K, gate_returns, 0, 1);                        /* to the architecture */
    add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
    add(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 0, (uint8_t)(FORBIDDEN + 3)); /* to the trap */
    add(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
    add(BPF_JMP | BPF_JSET | BPF_K, X32_BIT, (uint8_t)(FORBIDDEN + 1), 0);          /* to the trap */
    for (size_t n = 0; n < FORBIDDEN; n++) {
        add(BPF_JMP | BPF_JEQ | BPF_K, forbidden[n], (uint8_t)(FORBIDDEN - n), 0); /* to the trap */
    }
    add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    add(BPF_RET | BPF_K, SECCOMP_RET_TRAP, 0, 0);
    return 0;
}

int wall_raise(void) {
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
}
