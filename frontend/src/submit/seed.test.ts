import { expect, it } from 'vitest';
import { parseSeed } from './seed';

it('takes whole numbers and nothing', () => {
  expect(parseSeed('')).toEqual({ seed: null, error: null });
  expect(parseSeed(' 42 ')).toEqual({ seed: 42, error: null });
  expect(parseSeed('0')).toEqual({ seed: 0, error: null });
});

it('refuses the rest', () => {
  for (const text of ['-1', '1.5', '1e3', 'abc', '99999999999999999999']) {
    expect(parseSeed(text).error).not.toBeNull();
  }
});
