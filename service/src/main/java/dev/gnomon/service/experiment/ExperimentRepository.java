package dev.gnomon.service.experiment;

import java.util.Optional;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface ExperimentRepository extends JpaRepository<Experiment, Long> {

    @Query("select experiment from Experiment experiment where experiment.id = :id")
    Optional<Experiment> findNamed(String id);

    Page<Experiment> findAllByOrderByOrdinalDesc(Pageable page);
}
