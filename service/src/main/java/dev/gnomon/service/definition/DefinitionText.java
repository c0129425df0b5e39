package dev.gnomon.service.definition;

import java.nio.file.Path;

/**
 * A definition as it was sent.
 *
 * @param content the text
 * @param mediaType {@code application/yaml} or {@code application/json}
 * @param baseDirectory where relative paths in it start
 */
public record DefinitionText(String content, String mediaType, Path baseDirectory) {

    public static final String YAML = "application/yaml";
    public static final String JSON = "application/json";
}
