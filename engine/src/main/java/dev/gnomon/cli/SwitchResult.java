package dev.gnomon.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One setting's figures, each from several batches that took turns with the futex pair's.
 *
 * @param medians a batch, nanoseconds
 * @param p99s a batch, nanoseconds
 * @param pairMedians the futex pair's in the same setting, a batch
 * @param samples crossings timed in all
 * @param spinningShare of them, from 0 to 1
 */
record SwitchResult(
        SwitchSetting setting,
        List<Double> medians,
        List<Double> p99s,
        List<Double> pairMedians,
        long samples,
        double spinningShare) {

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static double spread(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return (sorted[sorted.length - 1] - sorted[0]) / 2 / median(values);
    }

    /** Of a batch to the pair's batch beside it; the median over the batches. */
    double ratio() {
        Double[] ratios = new Double[medians.size()];
        Arrays.setAll(ratios, n -> medians.get(n) / pairMedians.get(n));
        return median(List.of(ratios));
    }

    Map<String, Object> toJson() {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("title", setting.title());
        entry.put("mechanism", setting.mechanism().name().toLowerCase(Locale.ROOT));
        entry.put("caught", setting.caught());
        entry.put("guests", setting.guests());
        entry.put("workers", setting.workers());
        entry.put("pinned", setting.pinned());
        entry.put("fifo", setting.fifo());
        entry.put("spinning", setting.spinning());
        entry.put("otherProcessorBusy", setting.busy());
        entry.put("medianNanos", median(medians));
        entry.put("p99Nanos", median(p99s));
        entry.put("spread", spread(medians));
        entry.put("pairMedianNanos", median(pairMedians));
        entry.put("pairSpread", spread(pairMedians));
        entry.put("ratioToPair", ratio());
        entry.put("spinningShare", spinningShare);
        entry.put("samples", samples);
        entry.put("batchMediansNanos", medians);
        entry.put("pairBatchMediansNanos", pairMedians);
        return entry;
    }
}
