package dev.gnomon.definition;

import java.util.OptionalLong;

/**
 * Those settings of {@code experimental} that have an effect here.
 *
 * @param interfaceQueueDiscipline of every host's interfaces
 * @param runaheadNanos longest round; empty for the least latency between hosts, which is never exceeded in any case
 * @param useCpuPinning whether workers and their guests stay on one CPU
 * @param useWorkerSpinning whether workers and guests may wait for each other spinning, where it is found to be faster
 * @param useSchedFifo whether workers and guests run under {@code SCHED_FIFO}, where that is permitted
 * @param socketSendBufferBytes first size of a TCP socket's send buffer
 * @param socketSendAutotune whether it grows
 * @param socketReceiveBufferBytes first size of a TCP socket's receive buffer
 * @param socketReceiveAutotune whether it grows
 * @param straceLoggingMode whether and how system calls are written down
 * @param unblockedSyscallLatencyNanos virtual time that a call takes that does not block
 * @param unblockedVdsoLatencyNanos virtual time that a call takes that the vDSO answers
 * @param maxUnappliedCpuLatencyNanos how much of such time adds up before the clock moves
 */
public record ExperimentalOptions(
        QueueDiscipline interfaceQueueDiscipline,
        OptionalLong runaheadNanos,
        boolean useCpuPinning,
        boolean useWorkerSpinning,
        boolean useSchedFifo,
        long socketSendBufferBytes,
        boolean socketSendAutotune,
        long socketReceiveBufferBytes,
        boolean socketReceiveAutotune,
        StraceLoggingMode straceLoggingMode,
        long unblockedSyscallLatencyNanos,
        long unblockedVdsoLatencyNanos,
        long maxUnappliedCpuLatencyNanos) {}
