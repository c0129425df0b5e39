package dev.gnomon.service.run;

import dev.gnomon.run.RunProgress;
import dev.gnomon.service.experiment.Experiment;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.DynamicUpdate;

/**
 * One execution of an experiment. Changed only by whoever holds the lock on its row; every change of state is one of
 * the methods below.
 */
@Entity
@DynamicUpdate
@Table(name = "run")
class Run {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long ordinal;

    private String id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "experiment_ordinal")
    private Experiment experiment;

    private long seed;
    private RunState state;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "started_at")
    private Instant startedAt;

    @Column(name = "ended_at")
    private Instant endedAt;

    private int attempts;
    private int interruptions;
    private String instance;

    @Column(name = "lease_until")
    private Instant leaseUntil;

    @Column(name = "cancel_requested")
    private boolean cancelRequested;

    @Column(name = "virtual_nanos")
    private long virtualNanos;

    @Column(name = "stop_nanos")
    private long stopNanos;

    @Column(name = "wall_nanos")
    private long wallNanos;

    private int hosts;

    @Column(name = "processes_running")
    private int processesRunning;

    @Column(name = "processes_ended")
    private int processesEnded;

    @Column(name = "processes_failed")
    private int processesFailed;

    private String digest;
    private String failure;

    protected Run() {
        // For the persistence provider.
    }

    Run(String id, Experiment experiment, long seed, Instant now) {
        this.id = id;
        this.experiment = experiment;
        this.seed = seed;
        this.state = RunState.QUEUED;
        this.createdAt = now;
        this.stopNanos = experiment.stopNanos();
        this.hosts = experiment.hosts();
    }

    void start(String executedBy, Instant now, Instant lease) {
        require(RunState.QUEUED);
        state = RunState.RUNNING;
        instance = executedBy;
        startedAt = now;
        leaseUntil = lease;
        attempts++;
    }

    /** Back to the queue, where it keeps its place. */
    void requeue() {
        require(RunState.RUNNING);
        state = RunState.QUEUED;
        instance = null;
        leaseUntil = null;
        startedAt = null;
        virtualNanos = 0;
        wallNanos = 0;
        processesRunning = 0;
        processesEnded = 0;
        processesFailed = 0;
    }

    void countInterruption() {
        interruptions++;
    }

    void end(RunState how, Instant now, String why) {
        if (state.ended() || !how.ended()) {
            throw new IllegalStateException("run " + id + ": from " + state + " to " + how);
        }
        state = how;
        endedAt = now;
        leaseUntil = null;
        failure = why;
        processesRunning = 0;
    }

    void progress(RunProgress progress) {
        require(RunState.RUNNING);
        virtualNanos = progress.virtualNanos();
        stopNanos = progress.stopNanos();
        wallNanos = progress.wallNanos();
        hosts = progress.hosts();
        processesRunning = progress.processesRunning();
        processesEnded = progress.processesEnded();
        processesFailed = progress.processesFailed();
    }

    void reached(long virtual, long wall, int simulatedHosts, String resultDigest) {
        virtualNanos = virtual;
        wallNanos = wall;
        hosts = simulatedHosts;
        digest = resultDigest;
    }

    void extendLease(Instant lease) {
        leaseUntil = lease;
    }

    void requestCancel() {
        require(RunState.RUNNING);
        cancelRequested = true;
    }

    private void require(RunState expected) {
        if (state != expected) {
            throw new IllegalStateException("run " + id + ": state=" + state + ", expected=" + expected);
        }
    }

    long ordinal() {
        return ordinal;
    }

    String id() {
        return id;
    }

    Experiment experiment() {
        return experiment;
    }

    long seed() {
        return seed;
    }

    RunState state() {
        return state;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant startedAt() {
        return startedAt;
    }

    Instant endedAt() {
        return endedAt;
    }

    int attempts() {
        return attempts;
    }

    int interruptions() {
        return interruptions;
    }

    String instance() {
        return instance;
    }

    boolean cancelRequested() {
        return cancelRequested;
    }

    long virtualNanos() {
        return virtualNanos;
    }

    long stopNanos() {
        return stopNanos;
    }

    long wallNanos() {
        return wallNanos;
    }

    int hosts() {
        return hosts;
    }

    int processesRunning() {
        return processesRunning;
    }

    int processesEnded() {
        return processesEnded;
    }

    int processesFailed() {
        return processesFailed;
    }

    String digest() {
        return digest;
    }

    String failure() {
        return failure;
    }
}
