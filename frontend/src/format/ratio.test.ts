import { expect, it } from 'vitest';
import { formatRatio } from './ratio';

it.each([
  [null, '–'],
  [undefined, '–'],
  [0, '–'],
  [Number.POSITIVE_INFINITY, '–'],
  [0.004, '<0.01×'],
  [0.42, '0.42×'],
  [3.14, '3.1×'],
  [128.4, '128×'],
  [1200, '1,200×'],
])('%s reads %s', (ratio, text) => expect(formatRatio(ratio)).toBe(text));
