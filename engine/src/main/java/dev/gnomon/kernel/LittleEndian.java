package dev.gnomon.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in byte arrays, in the byte order of x86-64 and, for addresses and ports, of the network. */
public final class LittleEndian {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle NETWORK_SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle NETWORK_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private LittleEndian() {}

    /** 0 to 65535. */
    public static int getShort(byte[] bytes, int offset) {
        return (short) SHORT.get(bytes, offset) & 0xffff;
    }

    public static void putShort(byte[] bytes, int offset, int value) {
        SHORT.set(bytes, offset, (short) value);
    }

    public static int getInt(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    public static void putInt(byte[] bytes, int offset, int value) {
        INT.set(bytes, offset, value);
    }

    public static long getLong(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    public static void putLong(byte[] bytes, int offset, long value) {
        LONG.set(bytes, offset, value);
    }

    /** 0 to 65535, from network byte order. */
    public static int getNetworkShort(byte[] bytes, int offset) {
        return (short) NETWORK_SHORT.get(bytes, offset) & 0xffff;
    }

    public static void putNetworkShort(byte[] bytes, int offset, int value) {
        NETWORK_SHORT.set(bytes, offset, (short) value);
    }

    /** From network byte order. */
    public static int getNetworkInt(byte[] bytes, int offset) {
        return (int) NETWORK_INT.get(bytes, offset);
    }

    public static void putNetworkInt(byte[] bytes, int offset, int value) {
        NETWORK_INT.set(bytes, offset, value);
    }
}
