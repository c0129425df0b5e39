package dev.gnomon.definition;

import dev.gnomon.application.ApplicationSettings;
import dev.gnomon.application.Distribution;
import dev.gnomon.application.EchoSettings;
import dev.gnomon.application.SinkSettings;
import dev.gnomon.application.TrafficSettings;
import dev.gnomon.application.Transport;
import dev.gnomon.definition.DistributionReader.Unit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code app}: the name of an application inside the engine, or a mapping of that name to its settings. */
final class ApplicationReader {
    private static final int MOST_CLIENTS = 1_000_000;
    private static final long SECOND = 1_000_000_000L;
    private static final Distribution NO_PAUSE = Distribution.constant(0);

    private final Map<TrafficSettings, Value> targets = new IdentityHashMap<>();

    /** Empty where it is wrong; an error says why. */
    Optional<ApplicationSettings> read(Value app) {
        String name;
        Value settings;
        if (app.node() instanceof YamlMapping mapping) {
            Section section = Section.orEmpty(app, DefinitionKeys.APPLICATIONS);
            if (mapping.entries().size() != 1) {
                app.error("must name exactly one application: " + String.join(", ", DefinitionKeys.APPLICATIONS));
                return Optional.empty();
            }
            name = mapping.entries().keySet().iterator().next();
            settings = section.value(name);
        } else {
            name = app.node() instanceof YamlScalar scalar ? scalar.value() : "";
            settings = app.absent();
        }
        return switch (name) {
            case EchoSettings.NAME -> Optional.of(echo(Section.orEmpty(settings, DefinitionKeys.SERVER)));
            case SinkSettings.NAME -> Optional.of(sink(Section.orEmpty(settings, DefinitionKeys.SERVER)));
            case TrafficSettings.NAME -> Optional.of(traffic(Section.orEmpty(settings, DefinitionKeys.TRAFFIC)));
            default -> {
                if (!(app.node() instanceof YamlMapping)) {
                    app.error("must be one of " + String.join(", ", DefinitionKeys.APPLICATIONS));
                }
                yield Optional.empty();
            }
        };
    }

    /** Where the file says which hosts an application sends to. */
    Value targetsOf(TrafficSettings settings) {
        return targets.get(settings);
    }

    private static ApplicationSettings echo(Section section) {
        return new EchoSettings(port(section, EchoSettings.DEFAULT_PORT), transports(section));
    }

    private static ApplicationSettings sink(Section section) {
        return new SinkSettings(port(section, SinkSettings.DEFAULT_PORT), transports(section));
    }

    private static int port(Section section, int defaultPort) {
        return (int) section.value("port").integer(1, 65_535, defaultPort);
    }

    private static Set<Transport> transports(Section section) {
        Value protocol = section.value("protocol");
        return protocol.isPresent()
                ? EnumSet.of(protocol.choice(Transport.class, Transport.TCP))
                : EnumSet.allOf(Transport.class);
    }

    private ApplicationSettings traffic(Section section) {
        Value to = section.required("to", "the hosts that it sends to");
        Value response = section.value("response");
        boolean echoed =
                response.node() instanceof YamlScalar scalar && scalar.value().equals(EchoSettings.NAME);
        Value timeout = section.value("timeout");
        long timeoutNanos = timeout.nanos(10 * SECOND);
        if (timeoutNanos == 0) {
            timeout.error("must be greater than 0");
        }
        TrafficSettings settings = new TrafficSettings(
                names(to),
                port(section, echoed ? EchoSettings.DEFAULT_PORT : SinkSettings.DEFAULT_PORT),
                section.value("protocol").choice(Transport.class, Transport.TCP),
                (int) section.value("clients").integer(1, MOST_CLIENTS, 1),
                section.value("flows").integer(1, Long.MAX_VALUE, 0),
                DistributionReader.read(section.value("flow_pause"), Unit.TIME, Distribution.constant(SECOND)),
                DistributionReader.read(section.value("messages"), Unit.COUNT, Distribution.constant(1)),
                DistributionReader.read(section.value("size"), Unit.SIZE, Distribution.constant(1024)),
                echoed
                        ? Optional.empty()
                        : Optional.of(DistributionReader.read(response, Unit.SIZE, Distribution.constant(0))),
                DistributionReader.read(section.value("rate"), Unit.RATE, Distribution.constant(0)),
                DistributionReader.read(section.value("pause"), Unit.TIME, NO_PAUSE),
                timeoutNanos);
        targets.put(settings, to);
        return settings;
    }

    private static List<String> names(Value value) {
        List<String> names = new ArrayList<>();
        if (value.node() instanceof YamlSequence) {
            List<Value> items = value.items();
            if (items.isEmpty()) {
                value.error("must name at least one host");
            }
            for (Value item : items) {
                if (item.isNull()) {
                    item.error("must be the name of a host");
                }
                item.string().ifPresent(names::add);
            }
        } else if (value.node() instanceof YamlScalar) {
            value.string().ifPresent(names::add);
        } else if (value.isPresent()) {
            value.error("must be the name of a host or a list of names");
        }
        return names;
    }
}
