package dev.gnomon.graph;

/** Text after which a GML reader cannot tell how to go on. */
final class GmlSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient GraphError error;

    GmlSyntaxException(GraphError error) {
        super(error.message());
        this.error = error;
    }

    GraphError error() {
        return error;
    }
}
