import { expect, it } from 'vitest';
import { formatCount } from './count';

it('agrees with the number', () => {
  expect(formatCount(1, 'host')).toBe('1 host');
  expect(formatCount(0, 'host')).toBe('0 hosts');
  expect(formatCount(50000, 'process', 'processes')).toBe('50,000 processes');
});
