package dev.gnomon.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The least that makes a file look like an ELF program: a header, program headers, a loader's name (elf(5)). */
public final class ElfFile {
    private int elfClass = 2;
    private int byteOrder = 1;
    private int type = 3;
    private int machine = 62;
    private String loader = "/lib64/ld-linux-x86-64.so.2";
    private boolean isPositionIndependentProgram;

    public ElfFile of32Bits() {
        elfClass = 1;
        machine = 3;
        return this;
    }

    public ElfFile bigEndian() {
        byteOrder = 2;
        return this;
    }

    public ElfFile type(int elfType) {
        type = elfType;
        return this;
    }

    public ElfFile machine(int elfMachine) {
        machine = elfMachine;
        return this;
    }

    public ElfFile loader(String path) {
        loader = path;
        return this;
    }

    public ElfFile withoutLoader(boolean isProgram) {
        loader = null;
        isPositionIndependentProgram = isProgram;
        return this;
    }

    public byte[] bytes() {
        ByteBuffer file = ByteBuffer.allocate(64 + 2 * 56 + 256).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) elfClass, (byte) byteOrder, 1});
        file.putShort(16, (short) type).putShort(18, (short) machine).putInt(20, 1);
        file.putLong(32, 64).putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) 2);
        int data = 64 + 2 * 56;
        file.putInt(64, 1);
        int second = 64 + 56;
        if (loader != null) {
            byte[] name = (loader + "\0").getBytes(StandardCharsets.UTF_8);
            file.putInt(second, 3).putLong(second + 8, data).putLong(second + 32, name.length);
            file.position(data).put(name);
        } else {
            file.putInt(second, 2).putLong(second + 8, data).putLong(second + 32, 32);
            file.putLong(data, 0x6ffffffbL).putLong(data + 8, isPositionIndependentProgram ? 0x08000000L : 0);
        }
        return file.array();
    }

    public byte[] cutTo(int length) {
        return Arrays.copyOf(bytes(), length);
    }
}
