package dev.gnomon.service.artifact;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.MediaType;

/** What a result's file is announced as: by its name alone, and never as something that a browser would execute. */
final class ContentTypes {

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);
    private static final Set<String> TEXTS = Set.of("stdout", "stderr", "strace", "yaml", "yml", "txt", "log", "csv");

    private ContentTypes() {}

    static MediaType of(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        if (TEXTS.contains(extension)) {
            return TEXT;
        }
        return extension.equals("json") ? MediaType.APPLICATION_JSON : MediaType.APPLICATION_OCTET_STREAM;
    }

    /** Whether a browser shows it in place of storing it. */
    static boolean isShown(MediaType type) {
        return !type.equals(MediaType.APPLICATION_OCTET_STREAM);
    }
}
