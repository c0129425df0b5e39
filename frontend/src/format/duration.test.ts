import { describe, expect, it } from 'vitest';
import { formatDuration, formatInstant, formatTick, fractionOf } from './duration';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [1, '1 ns'],
    [1_500, '1.5 µs'],
    [350_000_000, '350 ms'],
    [1_250_000_000, '1.25 s'],
    [10_000_000_000, '10 s'],
    [59_990_000_000, '59.9 s'],
    [60_000_000_000, '1 min 00 s'],
    [723_000_000_000, '12 min 03 s'],
    [7_500_000_000_000, '2 h 05 min'],
    [273_600_000_000_000, '3 d 04 h'],
  ])('%d ns is %s', (nanos, text) => expect(formatDuration(nanos)).toBe(text));

  it('never rounds up to the next unit', () => {
    expect(formatDuration(9_999_999_999)).toBe('9.99 s');
    expect(formatDuration(999_999_999)).toBe('999 ms');
    expect(formatDuration(3_599_999_999_999)).toBe('59 min 59 s');
  });

  it('shows a dash for what is no duration', () => {
    expect(formatDuration(-1)).toBe('–');
    expect(formatDuration(Number.NaN)).toBe('–');
  });
});

describe('formatInstant', () => {
  it('keeps microseconds and drops trailing zeros', () => {
    expect(formatInstant(1_002_345_678)).toBe('1.002346 s');
    expect(formatInstant(2_500_000_000)).toBe('2.5 s');
    expect(formatInstant(10_000_000_000)).toBe('10 s');
    expect(formatInstant(0)).toBe('0 s');
  });
});

describe('formatTick', () => {
  it('is short', () => {
    expect(formatTick(40e9)).toBe('40 s');
    expect(formatTick(0)).toBe('0 s');
    expect(formatTick(90e9)).toBe('1.5 min');
    expect(formatTick(7200e9)).toBe('2 h');
    expect(formatTick(2 * 86400e9)).toBe('2 d');
  });
});

describe('fractionOf', () => {
  it('stays between 0 and 1', () => {
    expect(fractionOf(5, 10)).toBe(0.5);
    expect(fractionOf(11, 10)).toBe(1);
    expect(fractionOf(1, 0)).toBe(0);
    expect(fractionOf(-1, 10)).toBe(0);
  });
});
