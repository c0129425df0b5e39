// Enough of a ZIP reader (APPNOTE 6.3, sections 4.3.12 and 4.3.16) to list an archive's names and take out one file.
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/** The entries of an archive, by name. Throws where it is no archive. */
export function readZip(bytes) {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new Error(`not a ZIP archive: bytes=${bytes.length}`);
  const entries = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < bytes.readUInt16LE(end + 10); index++) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error(`broken central directory: offset=${at}`);
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    entries.set(name, { method: bytes.readUInt16LE(at + 10), packed: bytes.readUInt32LE(at + 20), local: bytes.readUInt32LE(at + 42) });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** One entry's content. */
export function readEntry(bytes, { method, packed, local }) {
  if (bytes.readUInt32LE(local) !== LOCAL) throw new Error(`broken local header: offset=${local}`);
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const content = bytes.subarray(from, from + packed);
  if (method === 0) return content;
  if (method === 8) return inflateRawSync(content);
  throw new Error(`unknown compression: method=${method}`);
}
