import { describe, expect, it } from 'vitest';
import { joinPieces, parseContentRange, rangeBefore, tailRange, textOf, type Piece } from './output';

const piece = (text: string, start = 0): Piece => {
  const bytes = new TextEncoder().encode(text);
  return { start, bytes, total: start + bytes.length };
};

describe('ranges', () => {
  it('ask for the tail and for what comes before', () => {
    expect(tailRange(100)).toBe('bytes=-100');
    expect(rangeBefore(1000, 100)).toBe('bytes=900-999');
    expect(rangeBefore(50, 100)).toBe('bytes=0-49');
  });

  it('are read back', () => {
    expect(parseContentRange('bytes 10-19/100')).toEqual({ start: 10, end: 20, total: 100 });
    expect(parseContentRange('bytes */0')).toEqual({ start: 0, end: 0, total: 0 });
    expect(parseContentRange(null)).toBeNull();
    expect(parseContentRange('bytes 0-1/*')).toBeNull();
  });
});

describe('textOf', () => {
  it('leaves out a character that was cut at the beginning', () => {
    const bytes = new TextEncoder().encode('aéz').subarray(2);
    expect(textOf({ start: 2, bytes, total: 4 })).toBe('z');
  });

  it('joins pieces before decoding, so that a cut character is whole again', () => {
    const bytes = new TextEncoder().encode('aéz');
    const joined = joinPieces({ start: 0, bytes: bytes.subarray(0, 2), total: 4 }, { start: 2, bytes: bytes.subarray(2), total: 4 });
    expect(textOf(joined)).toBe('aéz');
    expect(joined.start).toBe(0);
  });

  it('shows control characters and keeps lines and tabs', () => {
    expect(textOf(piece('a\tb\r\nc\u001b[31m\u0000'))).toBe('a\tb\nc␛[31m␀');
  });
});
