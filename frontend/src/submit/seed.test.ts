import { expect, it } from 'vitest';
import { parseSeed } from './seed';

it('takes whole numbers and nothing', () => {
  expect(parseSeed('')).toEqual({ seed: null, error: null });
  expect(parseSeed(' 42 ')).toEqual({ seed: '42', error: null });
  expect(parseSeed('007')).toEqual({ seed: '7', error: null });
  expect(parseSeed('9223372036854775807')).toEqual({ seed: '9223372036854775807', error: null });
});

it('refuses the rest', () => {
  for (const text of ['-1', '1.5', '1e3', 'abc', '9223372036854775808']) {
    expect(parseSeed(text).error).not.toBeNull();
  }
});
