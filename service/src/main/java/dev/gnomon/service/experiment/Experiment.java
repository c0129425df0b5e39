package dev.gnomon.service.experiment;

import dev.gnomon.service.definition.DefinitionFacts;
import dev.gnomon.service.storage.StoredText;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.annotations.BatchSize;
import org.hibernate.annotations.Immutable;

/** A stored definition, without its text, which only few requests need. */
@Entity
@Immutable
@Table(name = "experiment")
public class Experiment {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long ordinal;

    private String id;
    private String name;
    private String description;

    @Column(name = "media_type")
    private String mediaType;

    private String sha256;
    private int hosts;
    private int processes;
    private long seed;

    @Column(name = "stop_nanos")
    private long stopNanos;

    @Column(name = "base_directory")
    private String baseDirectory;

    @Column(name = "created_at")
    private Instant createdAt;

    @BatchSize(size = 100)
    @ElementCollection(fetch = FetchType.LAZY)
    @CollectionTable(name = "experiment_tag", joinColumns = @JoinColumn(name = "experiment_ordinal"))
    @OrderColumn(name = "position")
    @Column(name = "tag")
    private List<String> tags = new ArrayList<>();

    protected Experiment() {
        // For the persistence provider.
    }

    Experiment(
            String id,
            DefinitionFacts facts,
            String mediaType,
            String sha256,
            String baseDirectory,
            Instant createdAt) {
        this.id = id;
        this.name = StoredText.of(facts.name(), 255);
        this.description = StoredText.of(facts.description(), 10_000);
        facts.tags().forEach(tag -> this.tags.add(StoredText.of(tag, 255)));
        this.hosts = facts.hosts();
        this.processes = facts.processes();
        this.seed = facts.seed();
        this.stopNanos = facts.stopNanos();
        this.mediaType = mediaType;
        this.sha256 = sha256;
        this.baseDirectory = baseDirectory;
        this.createdAt = createdAt;
    }

    /** Number in the order of arrival; never leaves the service. */
    public long ordinal() {
        return ordinal;
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    String description() {
        return description;
    }

    List<String> tags() {
        return List.copyOf(tags);
    }

    String mediaType() {
        return mediaType;
    }

    String sha256() {
        return sha256;
    }

    public int hosts() {
        return hosts;
    }

    int processes() {
        return processes;
    }

    /** The definition's own seed. */
    public long seed() {
        return seed;
    }

    public long stopNanos() {
        return stopNanos;
    }

    String baseDirectory() {
        return baseDirectory;
    }

    Instant createdAt() {
        return createdAt;
    }
}
