import { expect, it } from 'vitest';
import { formatAgo } from './when';

const now = Date.parse('2026-11-23T12:00:00Z');

it.each([
  ['2026-11-23T12:00:02Z', 'just now'],
  ['2026-11-23T11:59:58Z', 'just now'],
  ['2026-11-23T11:59:30Z', '30 s ago'],
  ['2026-11-23T11:55:00Z', '5 min ago'],
  ['2026-11-23T09:00:00Z', '3 h ago'],
  ['2026-11-20T12:00:00Z', '3 d ago'],
  ['2026-01-02T12:00:00Z', '2026-01-02'],
  ['soon', '–'],
])('%s is %s', (iso, text) => expect(formatAgo(iso, now)).toBe(text));
