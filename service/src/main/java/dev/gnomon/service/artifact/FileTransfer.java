package dev.gnomon.service.artifact;

import dev.gnomon.service.problem.ProblemException;
import dev.gnomon.service.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Sends a file that never changes, or a part of it. The tag of the content is its hash, so a download that was broken
 * off is resumed only into the very same bytes ({@code If-Range}), which Spring's own support for ranges does not see to.
 */
@Component
class FileTransfer {

    private static final int CHUNK_BYTES = 1 << 16;

    void send(
            Results.Located located,
            MediaType type,
            ContentDisposition disposition,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        ResultFile listed = located.listed();
        String tag = '"' + listed.sha256() + '"';
        response.setHeader(HttpHeaders.ETAG, tag);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        if (matches(request.getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        Optional<ByteRange> range = range(request, response, tag, listed.bytes());
        response.setHeader("Repr-Digest", "sha-256=:" + base64(listed.sha256()) + ":");
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, disposition.toString());
        response.setContentType(type.toString());
        long first = 0;
        long length = listed.bytes();
        if (range.isPresent()) {
            first = range.get().first();
            length = range.get().length();
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
            response.setHeader(
                    HttpHeaders.CONTENT_RANGE,
                    "bytes " + first + "-" + range.get().last() + "/" + listed.bytes());
        }
        response.setContentLengthLong(length);
        if (!request.getMethod().equals("HEAD")) {
            copy(located, first, length, response.getOutputStream());
        }
    }

    private static Optional<ByteRange> range(
            HttpServletRequest request, HttpServletResponse response, String tag, long bytes) {
        String condition = request.getHeader(HttpHeaders.IF_RANGE);
        // A date never fits: no time of change is sent.
        boolean wanted = request.getMethod().equals("GET") && (condition == null || condition.equals(tag));
        try {
            return wanted ? ByteRange.parse(request.getHeader(HttpHeaders.RANGE), bytes) : Optional.empty();
        } catch (ByteRange.NotSatisfiableException outside) {
            response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + bytes);
            throw new ProblemException(
                    ProblemType.RANGE_NOT_SATISFIABLE, "The range is not one of a file of " + bytes + " bytes.");
        }
    }

    private static boolean matches(String ifNoneMatch, String tag) {
        return ifNoneMatch != null
                && (ifNoneMatch.strip().equals("*")
                        || Arrays.stream(ifNoneMatch.split(","))
                                .map(String::strip)
                                .map(candidate -> candidate.startsWith("W/") ? candidate.substring(2) : candidate)
                                .anyMatch(tag::equals));
    }

    private static String base64(String hexadecimal) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hexadecimal));
    }

    private static void copy(Results.Located located, long first, long length, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (SeekableByteChannel channel = Files.newByteChannel(
                        located.file(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                InputStream in = Channels.newInputStream(channel.position(first))) {
            long left = length;
            while (left > 0) {
                int count = in.read(chunk, 0, (int) Math.min(chunk.length, left));
                if (count < 0) {
                    throw new IOException("The file " + located.file() + " is shorter than it was");
                }
                out.write(chunk, 0, count);
                left -= count;
            }
        }
    }
}
