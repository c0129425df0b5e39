package dev.gnomon.definition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * Builds the tree of a YAML 1.2 document from the parser's events, without recursion: the nesting, the growth by aliases
 * and the number of documents are bounded while the text is read, not after. Duplicate keys, unknown aliases and merge
 * keys that merge no mapping are collected; broken syntax ends the reading.
 */
final class YamlTreeReader {
    private static final int MAXIMUM_DEPTH = 100;
    /** Far above what 50,000 hosts need, far below what fills the memory. */
    private static final long MAXIMUM_WEIGHT = 20_000_000;

    /** The parser moves all that it has of a long line whenever it reads on: it reads on this many times at most. */
    private static final int MAXIMUM_REFILLS = 16;

    private static final int SMALLEST_BUFFER = 1024;

    private static final String MERGE_KEY = "<<";
    private static final String CORE_TAG = "tag:yaml.org,2002:";

    private final Problems problems;
    private final ScalarResolver resolver = new CoreScalarResolver(false);
    private final Map<String, YamlNode> anchors = new HashMap<>();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private YamlNode root;
    private int line = 1;
    private int column = 1;

    private YamlTreeReader(Problems problems) {
        this.problems = problems;
    }

    /** Reads one document; where the result is empty, an error says why. */
    static Optional<YamlNode> read(String text, String name, Problems problems) {
        YamlTreeReader reader = new YamlTreeReader(problems);
        try {
            return reader.document(text, name);
        } catch (BrokenDocumentException broken) {
            problems.error(broken.pointer, broken.line, broken.column, broken.value, broken.getMessage());
        } catch (MarkedYamlEngineException marked) {
            Mark mark = marked.getProblemMark().or(marked::getContextMark).orElse(null);
            int line = mark == null ? reader.line : mark.getLine() + 1;
            int column = mark == null ? reader.column : mark.getColumn() + 1;
            String context = marked.getContext() == null ? "" : marked.getContext() + ": ";
            String problem = String.valueOf(marked.getProblem()).strip();
            problems.error(reader.pointer(), line, column, "", "broken YAML: " + context + problem);
        } catch (YamlEngineException other) {
            String message =
                    String.valueOf(other.getMessage()).lines().findFirst().orElse("");
            problems.error(reader.pointer(), reader.line, reader.column, "", "broken YAML: " + message);
        } catch (RuntimeException unexpected) {
            // The parser leaks exceptions of number parsing and the like for impossible escapes; a file must not end
            // us.
            problems.error(
                    reader.pointer(),
                    reader.line,
                    reader.column,
                    "",
                    "broken YAML near here: " + unexpected.getMessage());
        }
        return Optional.empty();
    }

    private Optional<YamlNode> document(String text, String name) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setCodePointLimit(Integer.MAX_VALUE)
                .setBufferSize(Math.max(SMALLEST_BUFFER, text.length() / MAXIMUM_REFILLS))
                .build();
        boolean started = false;
        for (Event event : new Parse(settings).parseString(text)) {
            Optional<Mark> mark = event.getStartMark();
            line = mark.map(Mark::getLine).orElse(line - 1) + 1;
            column = mark.map(Mark::getColumn).orElse(column - 1) + 1;
            switch (event.getEventId()) {
                case StreamStart, DocumentEnd, Comment -> {
                    // Nothing to keep.
                }
                case DocumentStart -> {
                    if (started) {
                        throw broken("", "a second document starts here: a file holds one experiment");
                    }
                    started = true;
                }
                case Scalar -> scalar((ScalarEvent) event);
                case Alias -> alias((AliasEvent) event);
                case SequenceStart, MappingStart -> start((CollectionStartEvent) event);
                case SequenceEnd, MappingEnd -> end();
                case StreamEnd -> {
                    if (!started) {
                        throw new BrokenDocumentException(
                                Pointer.ROOT, 1, 1, "", "the file is empty: expected general, network and hosts");
                    }
                }
            }
        }
        return Optional.of(root);
    }

    private void scalar(ScalarEvent event) {
        YamlScalar scalar = new YamlScalar(event.getValue(), kind(event), event.isLiteral(), line, column);
        boolean isMergeKey = event.isPlain() && event.getTag().isEmpty();
        remember(event, scalar);
        add(scalar, isMergeKey);
    }

    private YamlScalar.Kind kind(ScalarEvent event) {
        Optional<String> tag = event.getTag();
        if (tag.isEmpty()) {
            return event.isPlain() ? kind(resolver.resolve(event.getValue(), true)) : YamlScalar.Kind.STRING;
        }
        if (tag.get().equals("!") || tag.get().equals(CORE_TAG + "str")) {
            return YamlScalar.Kind.STRING;
        }
        YamlScalar.Kind resolved = kind(resolver.resolve(event.getValue(), true));
        boolean fits = tag.get().startsWith(CORE_TAG)
                && switch (tag.get().substring(CORE_TAG.length())) {
                    case "int" -> resolved == YamlScalar.Kind.INTEGER;
                    case "float" -> resolved == YamlScalar.Kind.FLOAT || resolved == YamlScalar.Kind.INTEGER;
                    case "bool" -> resolved == YamlScalar.Kind.BOOLEAN;
                    case "null" -> resolved == YamlScalar.Kind.NULL;
                    default -> false;
                };
        if (!fits) {
            problems.error(pointer(), line, column, event.getValue(), "the tag " + tag.get() + " does not fit here");
            return YamlScalar.Kind.BROKEN;
        }
        return resolved;
    }

    private static YamlScalar.Kind kind(Tag tag) {
        if (tag.equals(Tag.INT)) {
            return YamlScalar.Kind.INTEGER;
        }
        if (tag.equals(Tag.FLOAT)) {
            return YamlScalar.Kind.FLOAT;
        }
        if (tag.equals(Tag.BOOL)) {
            return YamlScalar.Kind.BOOLEAN;
        }
        return tag.equals(Tag.NULL) ? YamlScalar.Kind.NULL : YamlScalar.Kind.STRING;
    }

    private void alias(AliasEvent event) {
        String name = event.getAlias().getValue();
        YamlNode target = anchors.get(name);
        boolean isOpen = frames.stream().anyMatch(frame -> name.equals(frame.anchor));
        if (isOpen) {
            problems.error(pointer(), line, column, "*" + name, "this alias stands for a value that contains it");
            target = null;
        } else if (target == null) {
            problems.error(pointer(), line, column, "*" + name, "there is no anchor &" + name + " above");
        }
        add(target == null ? new YamlScalar("*" + name, YamlScalar.Kind.BROKEN, false, line, column) : target, false);
    }

    private void start(CollectionStartEvent event) {
        if (frames.size() == MAXIMUM_DEPTH) {
            throw broken("", "values are nested more than " + MAXIMUM_DEPTH + " deep");
        }
        event.getTag().filter(tag -> !tag.equals("!")).ifPresent(tag -> {
            String expected = event instanceof MappingStartEvent ? "map" : "seq";
            if (!tag.equals(CORE_TAG + expected)) {
                problems.error(pointer(), line, column, "", "the tag " + tag + " does not fit here");
            }
        });
        String anchor = event.getAnchor().map(Anchor::getValue).orElse(null);
        frames.push(new Frame(event instanceof MappingStartEvent, anchor, line, column));
    }

    private void end() {
        Frame frame = frames.pop();
        YamlNode node = frame.isMapping
                ? mapping(frame)
                : new YamlSequence(frame.items, frame.weight, frame.line, frame.column);
        if (frame.anchor != null) {
            anchors.put(frame.anchor, node);
        }
        add(node, false);
    }

    private void remember(NodeEvent event, YamlNode node) {
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), node));
    }

    private void add(YamlNode node, boolean mayBeMergeKey) {
        Frame frame = frames.peek();
        if (frame == null) {
            root = node;
            return;
        }
        frame.weight += node.weight();
        if (frame.weight > MAXIMUM_WEIGHT) {
            throw broken("", "the file is too large once its aliases are written out");
        }
        if (!frame.isMapping) {
            frame.items.add(node);
        } else if (!frame.hasKey) {
            key(frame, node, mayBeMergeKey);
        } else {
            value(frame, node);
        }
    }

    private void key(Frame frame, YamlNode node, boolean mayBeMergeKey) {
        frame.hasKey = true;
        frame.key = null;
        frame.keyLine = line;
        frame.keyColumn = column;
        frame.isMerge = false;
        if (!(node instanceof YamlScalar scalar)) {
            problems.error(pointer(), node, "a key must be a single word or string, not a list or mapping");
        } else if (mayBeMergeKey && scalar.value().equals(MERGE_KEY)) {
            frame.isMerge = true;
        } else if (scalar.kind() != YamlScalar.Kind.BROKEN) {
            frame.key = scalar.value();
        }
    }

    private void value(Frame frame, YamlNode node) {
        frame.hasKey = false;
        if (frame.isMerge) {
            merge(frame, node);
        } else if (frame.key != null) {
            YamlMapping.Entry entry = new YamlMapping.Entry(frame.key, frame.keyLine, frame.keyColumn, node);
            YamlMapping.Entry earlier = frame.entries.putIfAbsent(frame.key, entry);
            if (earlier != null) {
                problems.error(
                        pointer().child(frame.key),
                        frame.keyLine,
                        frame.keyColumn,
                        frame.key,
                        "\"" + frame.key + "\" is given twice, first on line " + earlier.line());
            }
        }
        frame.key = null;
        frame.isMerge = false;
    }

    /** Keeps what {@code <<} brings until the mapping ends: its own keys win, then the earlier of several mappings. */
    private void merge(Frame frame, YamlNode node) {
        List<YamlNode> sources = node instanceof YamlSequence sequence ? sequence.items() : List.of(node);
        for (YamlNode source : sources) {
            if (source instanceof YamlMapping mapping) {
                frame.merged.add(mapping);
            } else if (!(source instanceof YamlScalar scalar) || scalar.kind() != YamlScalar.Kind.BROKEN) {
                problems.error(
                        pointer().child(MERGE_KEY),
                        source,
                        "<< merges a mapping or a list of mappings, usually by *alias");
            }
        }
    }

    private static YamlMapping mapping(Frame frame) {
        for (YamlMapping source : frame.merged) {
            source.entries().forEach(frame.entries::putIfAbsent);
        }
        return new YamlMapping(frame.entries, frame.weight, frame.line, frame.column);
    }

    private Pointer pointer() {
        Pointer pointer = Pointer.ROOT;
        for (var outermostFirst = frames.descendingIterator(); outermostFirst.hasNext(); ) {
            Frame frame = outermostFirst.next();
            if (!frame.isMapping) {
                pointer = pointer.child(frame.items.size());
            } else if (frame.hasKey && (frame.key != null || frame.isMerge)) {
                pointer = pointer.child(frame.isMerge ? MERGE_KEY : frame.key);
            }
        }
        return pointer;
    }

    private BrokenDocumentException broken(String value, String message) {
        return new BrokenDocumentException(pointer(), line, column, value, message);
    }

    /** A list or mapping that has begun and not ended. */
    private static final class Frame {
        private final boolean isMapping;
        private final String anchor;
        private final int line;
        private final int column;
        private final List<YamlNode> items;
        private final Map<String, YamlMapping.Entry> entries;
        private final List<YamlMapping> merged = new ArrayList<>(0);
        private long weight = 1;
        private boolean hasKey;
        private boolean isMerge;
        private String key;
        private int keyLine;
        private int keyColumn;

        Frame(boolean isMapping, String anchor, int line, int column) {
            this.isMapping = isMapping;
            this.anchor = anchor;
            this.line = line;
            this.column = column;
            items = isMapping ? List.of() : new ArrayList<>();
            entries = isMapping ? new LinkedHashMap<>() : Map.of();
        }
    }

    private static final class BrokenDocumentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Pointer pointer;
        private final int line;
        private final int column;
        private final String value;

        BrokenDocumentException(Pointer pointer, int line, int column, String value, String message) {
            super(message);
            this.pointer = pointer;
            this.line = line;
            this.column = column;
            this.value = value;
        }
    }
}
