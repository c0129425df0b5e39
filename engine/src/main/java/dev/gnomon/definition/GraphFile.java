package dev.gnomon.definition;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZIOException;
import org.tukaani.xz.XZInputStream;

/** Reads the file that holds a graph, plain or xz. Its exceptions carry a message for the file's author. */
final class GraphFile {
    /** Far above measured graphs of the whole Internet. */
    private static final int MAXIMUM_BYTES = 256 << 20;

    private static final int MAXIMUM_DECODER_KIBIBYTES = 256 << 10;
    private static final byte[] XZ_MAGIC = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

    private GraphFile() {}

    static String read(Path file, boolean compressed) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("there is no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("is not a regular file");
        }
        try (InputStream input = Files.newInputStream(file)) {
            byte[] start = input.readNBytes(XZ_MAGIC.length);
            boolean looksCompressed = Arrays.equals(start, XZ_MAGIC);
            if (compressed && !looksCompressed) {
                throw new IOException("is not an xz file");
            }
            if (!compressed && looksCompressed) {
                throw new IOException("is an xz file: add \"compression: xz\" beside the path");
            }
            return compressed ? decompressed(file) : text(start, input);
        } catch (AccessDeniedException denied) {
            throw new IOException("cannot be read: permission denied", denied);
        }
    }

    private static String decompressed(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream input = new XZInputStream(raw, MAXIMUM_DECODER_KIBIBYTES)) {
            return text(new byte[0], input);
        } catch (MemoryLimitException tooMuch) {
            throw new IOException("needs too much memory to decompress", tooMuch);
        } catch (XZIOException | EOFException broken) {
            throw new IOException("is a broken or truncated xz file", broken);
        }
    }

    private static String text(byte[] start, InputStream rest) throws IOException {
        byte[] bytes = new SequenceInputStream(new ByteArrayInputStream(start), rest).readNBytes(MAXIMUM_BYTES + 1);
        if (bytes.length > MAXIMUM_BYTES) {
            throw new IOException("is larger than " + (MAXIMUM_BYTES >> 20) + " MiB");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new IOException("is not UTF-8 text", notUtf8);
        }
    }
}
