package dev.gnomon.bench;

import java.io.IOException;
import java.util.List;

/** Something to measure, small enough to be measured again. */
public interface Benchmark {
    /** The word by which it is asked for. */
    String name();

    /** Measures once. Every call gives the same figures in the same order. */
    List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException;
}
