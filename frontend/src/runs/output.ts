/** A piece of a file as the service gave it: bytes from `start`, of `total`. */
export interface Piece {
  start: number;
  bytes: Uint8Array;
  total: number;
}

/** First read of an output; further pieces are the same size. */
export const PIECE_BYTES = 64 * 1024;

/** The last bytes of a file. */
export const tailRange = (bytes: number): string => `bytes=-${bytes}`;

/** The piece that ends before `start`. */
export function rangeBefore(start: number, bytes: number): string {
  return `bytes=${Math.max(0, start - bytes)}-${start - 1}`;
}

/** Reads "bytes 10-19/100" and "bytes *" + "/100" (416); null where it is neither. */
export function parseContentRange(header: string | null): { start: number; end: number; total: number } | null {
  const match = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/.exec(header ?? '');
  if (match === null) return null;
  const total = Number(match[3]);
  if (match[1] === undefined) return { start: total, end: total, total };
  return { start: Number(match[1]), end: Number(match[2]) + 1, total };
}

export function joinPieces(earlier: Piece, later: Piece): Piece {
  const bytes = new Uint8Array(earlier.bytes.length + later.bytes.length);
  bytes.set(earlier.bytes);
  bytes.set(later.bytes, earlier.bytes.length);
  return { start: earlier.start, bytes, total: later.total };
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** A control character as a visible picture of it, but for line ends and tabs: output may hold terminal sequences. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/** A piece as text. A character cut at the piece's beginning is left out, bytes that are no UTF-8 show as U+FFFD. */
export function textOf(piece: Piece): string {
  let from = 0;
  if (piece.start > 0) {
    while (from < 3 && isContinuation(piece.bytes[from])) from++;
  }
  const text = new TextDecoder().decode(piece.bytes.subarray(from));
  return text.replace(/\r\n/g, '\n').replace(CONTROLS, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)));
}
