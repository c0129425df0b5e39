package dev.gnomon.service.run;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;

interface RunRepository extends JpaRepository<Run, Long> {

    @Query("select run from Run run join fetch run.experiment where run.id = :id")
    Optional<Run> findNamed(String id);

    @Query("select run.ordinal from Run run where run.id = :id")
    Optional<Long> findOrdinal(String id);

    @Query("select run.state from Run run where run.ordinal = :ordinal")
    RunState findState(long ordinal);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select run from Run run where run.id = :id")
    Optional<Run> lockById(String id);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select run from Run run where run.ordinal = :ordinal")
    Optional<Run> lockByOrdinal(long ordinal);

    /** The oldest queued run that nobody else is just taking. Both databases know this much of SQL. */
    @Query(
            nativeQuery = true,
            value = "select * from run where state = 'queued' order by ordinal fetch first 1 rows only"
                    + " for update skip locked")
    Optional<Run> lockNextQueued();

    /** Runs that nobody can be executing any more: our own of an earlier life, and those without a sign of life. */
    @Query("select run.ordinal from Run run where run.state = :running"
            + " and (run.instance = :instance or run.leaseUntil < :now) order by run.ordinal")
    List<Long> findAbandoned(RunState running, String instance, Instant now);

    @Query(
            value = "select run from Run run join fetch run.experiment experiment"
                    + " where (:experiment is null or experiment.id = :experiment)"
                    + " and (:state is null or run.state = :state) order by run.ordinal desc",
            countQuery = "select count(run) from Run run join run.experiment experiment"
                    + " where (:experiment is null or experiment.id = :experiment)"
                    + " and (:state is null or run.state = :state)")
    Page<Run> findPage(String experiment, RunState state, Pageable page);

    long countByState(RunState state);

    long countByStateAndOrdinalLessThan(RunState state, long ordinal);
}
