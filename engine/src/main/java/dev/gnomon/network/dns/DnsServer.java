package dev.gnomon.network.dns;

import dev.gnomon.network.Ipv4;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Answers DNS queries from a {@link NameTable}: a pure function from message to message.
 *
 * <p>A records and PTR records under in-addr.arpa; for other types of a name that exists an empty answer; NXDOMAIN for names
 * that do not. Queries that cannot be read get FORMERR, other operations NOTIMP, other classes REFUSED. An EDNS0 option
 * record is answered with one (RFC 6891).
 */
public final class DnsServer {
    /** The most an answer over UDP holds for a client that does not say otherwise (RFC 1035, section 2.3.4). */
    public static final int PLAIN_UDP_BYTES = 512;

    /** The most a message over TCP holds. */
    public static final int TCP_BYTES = 65_535;

    static final int NO_ERROR = 0;
    static final int FORMAT_ERROR = 1;
    static final int NAME_ERROR = 3;
    static final int NOT_IMPLEMENTED = 4;
    static final int REFUSED = 5;
    static final int BAD_VERSION = 16;

    private static final int TYPE_A = 1;
    private static final int TYPE_PTR = 12;
    private static final int TYPE_OPT = 41;
    private static final int TYPE_ANY = 255;
    private static final int CLASS_IN = 1;

    private static final int HEADER_BYTES = 12;
    private static final int OPT_BYTES = 11;
    private static final int QUESTION_POINTER = 0xc000 | HEADER_BYTES;
    private static final int OFFERED_UDP_BYTES = 1232;
    private static final int TIME_TO_LIVE_SECONDS = 3600;
    private static final String REVERSE_SUFFIX = ".in-addr.arpa";

    private static final class MalformedQueryException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedQueryException() {
            super("malformed", null, false, false);
        }
    }

    /** A query as far as it was read. */
    private static final class Query {
        final byte[] bytes;
        int position = HEADER_BYTES;
        int questionEnd = HEADER_BYTES;
        String name = "";
        int type;
        int queryClass;
        boolean extended;
        int extendedUdpBytes;
        int extendedVersion;

        Query(byte[] bytes) {
            this.bytes = bytes;
        }

        int get8() throws MalformedQueryException {
            if (position >= bytes.length) {
                throw new MalformedQueryException();
            }
            return bytes[position++] & 0xff;
        }

        int get16() throws MalformedQueryException {
            return get8() << 8 | get8();
        }

        void skip(int count) throws MalformedQueryException {
            if (count > bytes.length - position) {
                throw new MalformedQueryException();
            }
            position += count;
        }

        String readName() throws MalformedQueryException {
            StringBuilder text = new StringBuilder();
            int length = get8();
            int start = position;
            while (length != 0) {
                // A pointer has nothing before it to point at in a question.
                if (length > 63 || position - start + length > 254) {
                    throw new MalformedQueryException();
                }
                if (text.length() > 0) {
                    text.append('.');
                }
                for (int i = 0; i < length; i++) {
                    text.append((char) get8());
                }
                length = get8();
            }
            return text.toString();
        }

        void skipName() throws MalformedQueryException {
            while (true) {
                int length = get8();
                if (length == 0) {
                    return;
                }
                if (length >= 0xc0) {
                    skip(1);
                    return;
                }
                if (length > 63) {
                    throw new MalformedQueryException();
                }
                skip(length);
            }
        }
    }

    private final NameTable names;

    public DnsServer(NameTable names) {
        this.names = names;
    }

    /**
     * Answers a query that came over UDP.
     *
     * @return the answer, or null where the message is not a query at all and gets none
     */
    public byte[] answerUdp(byte[] query) {
        return answer(query, true);
    }

    /** Answers a query that came over TCP, without its length prefix; null as for {@link #answerUdp}. */
    public byte[] answerTcp(byte[] query) {
        return answer(query, false);
    }

    private byte[] answer(byte[] bytes, boolean udp) {
        if (bytes.length < HEADER_BYTES || (bytes[2] & 0x80) != 0) {
            return null;
        }
        Query query = new Query(bytes);
        if ((bytes[2] >> 3 & 15) != 0) {
            return message(query, NOT_IMPLEMENTED, null, 0, TCP_BYTES);
        }
        try {
            read(query);
        } catch (MalformedQueryException malformed) {
            query.questionEnd = HEADER_BYTES;
            query.extended = false;
            return message(query, FORMAT_ERROR, null, 0, TCP_BYTES);
        }
        int limit = TCP_BYTES;
        if (udp) {
            limit = query.extended ? Math.max(PLAIN_UDP_BYTES, query.extendedUdpBytes) : PLAIN_UDP_BYTES;
        }
        if (query.extended && query.extendedVersion != 0) {
            return message(query, BAD_VERSION, null, 0, limit);
        }
        if (query.queryClass != CLASS_IN && query.queryClass != TYPE_ANY) {
            return message(query, REFUSED, null, 0, limit);
        }
        return lookUp(query, limit);
    }

    private static void read(Query query) throws MalformedQueryException {
        byte[] bytes = query.bytes;
        int questions = (bytes[4] & 0xff) << 8 | bytes[5] & 0xff;
        int records = 0;
        for (int at = 6; at < HEADER_BYTES; at += 2) {
            records += (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        }
        if (questions != 1) {
            throw new MalformedQueryException();
        }
        query.name = query.readName();
        query.type = query.get16();
        query.queryClass = query.get16();
        query.questionEnd = query.position;
        for (int i = 0; i < records; i++) {
            query.skipName();
            int type = query.get16();
            int udpBytes = query.get16();
            query.get8();
            int version = query.get8();
            query.get16();
            query.skip(query.get16());
            if (type == TYPE_OPT) {
                if (query.extended) {
                    throw new MalformedQueryException();
                }
                query.extended = true;
                query.extendedUdpBytes = udpBytes;
                query.extendedVersion = version;
            }
        }
    }

    private byte[] lookUp(Query query, int limit) {
        String folded = query.name.toLowerCase(Locale.ROOT);
        if (folded.endsWith(REVERSE_SUFFIX)) {
            String name = reverse(folded);
            if (name == null) {
                return message(query, NAME_ERROR, null, 0, limit);
            }
            boolean wanted = query.type == TYPE_PTR || query.type == TYPE_ANY;
            return wanted ? message(query, NO_ERROR, pointer(name), 1, limit) : empty(query, limit);
        }
        int[] addresses = names.addresses(folded);
        if (addresses == null) {
            return message(query, NAME_ERROR, null, 0, limit);
        }
        boolean wanted = query.type == TYPE_A || query.type == TYPE_ANY;
        return wanted
                ? message(query, NO_ERROR, addressRecords(addresses), addresses.length, limit)
                : empty(query, limit);
    }

    private static byte[] empty(Query query, int limit) {
        return message(query, NO_ERROR, null, 0, limit);
    }

    private String reverse(String folded) {
        String[] labels =
                folded.substring(0, folded.length() - REVERSE_SUFFIX.length()).split("\\.", -1);
        if (labels.length != 4) {
            return null;
        }
        try {
            return names.name(Ipv4.parse(labels[3] + "." + labels[2] + "." + labels[1] + "." + labels[0]));
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    private static byte[] addressRecords(int[] addresses) {
        byte[] records = new byte[addresses.length * 16];
        for (int i = 0; i < addresses.length; i++) {
            putRecordHead(records, i * 16, TYPE_A, 4);
            put16(records, i * 16 + 12, addresses[i] >>> 16);
            put16(records, i * 16 + 14, addresses[i]);
        }
        return records;
    }

    private static byte[] pointer(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        byte[] record = new byte[12 + text.length + 2];
        putRecordHead(record, 0, TYPE_PTR, text.length + 2);
        int lengthAt = 12;
        for (int i = 0; i <= text.length; i++) {
            if (i == text.length || text[i] == '.') {
                record[lengthAt] = (byte) (13 + i - lengthAt - 1);
                lengthAt = 13 + i;
            } else {
                record[13 + i] = text[i];
            }
        }
        return record;
    }

    private static void putRecordHead(byte[] record, int at, int type, int length) {
        put16(record, at, QUESTION_POINTER);
        put16(record, at + 2, type);
        put16(record, at + 4, CLASS_IN);
        put16(record, at + 6, TIME_TO_LIVE_SECONDS >>> 16);
        put16(record, at + 8, TIME_TO_LIVE_SECONDS);
        put16(record, at + 10, length);
    }

    private static byte[] message(Query query, int code, byte[] records, int recordCount, int limit) {
        int head = query.questionEnd;
        int options = query.extended ? OPT_BYTES : 0;
        int answer = records == null ? 0 : records.length;
        boolean truncated = head + answer + options > limit;
        if (truncated) {
            answer = 0;
        }
        // The header and the question are given back; what followed them in the query is not.
        byte[] message = Arrays.copyOf(Arrays.copyOf(query.bytes, head), head + answer + options);
        // QR, and of the query its operation and RD; AA, since whoever answers here is who knows; TC.
        message[2] = (byte) (0x80 | query.bytes[2] & 0x79 | 0x04 | (truncated ? 0x02 : 0));
        message[3] = (byte) (0x80 | code & 15);
        put16(message, 4, head > HEADER_BYTES ? 1 : 0);
        put16(message, 6, truncated ? 0 : recordCount);
        put16(message, 8, 0);
        put16(message, 10, query.extended ? 1 : 0);
        if (answer > 0) {
            System.arraycopy(records, 0, message, head, answer);
        }
        if (query.extended) {
            int at = head + answer;
            put16(message, at + 1, TYPE_OPT);
            put16(message, at + 3, OFFERED_UDP_BYTES);
            message[at + 5] = (byte) (code >>> 4);
        }
        return message;
    }

    private static void put16(byte[] target, int at, int value) {
        target[at] = (byte) (value >>> 8);
        target[at + 1] = (byte) value;
    }
}
