import { describe, expect, it } from 'vitest';
import { sampleRun } from './sampleRun';
import { announcementOf, percentOf } from './status';

describe('announcementOf', () => {
  it('changes only with each tenth while running', () => {
    const at = (virtualNanos: number) => announcementOf(sampleRun({ virtualNanos }));
    expect(at(4_100_000_000)).toBe(at(4_900_000_000));
    expect(at(4_900_000_000)).not.toBe(at(5_000_000_000));
    expect(at(5_000_000_000)).toBe('Running, 50 percent of virtual time done.');
  });

  it('says the place in the queue and why a run failed', () => {
    expect(announcementOf(sampleRun({ state: 'queued', queuePosition: 3 }))).toBe('Queued, position 3.');
    expect(announcementOf(sampleRun({ state: 'failed', failure: 'a process ended otherwise' }))).toBe('Failed: a process ended otherwise');
  });
});

it('reaches 100 percent only at the end', () => {
  expect(percentOf(sampleRun({ virtualNanos: 9_999_999_999 }))).toBe(99);
  expect(percentOf(sampleRun({ virtualNanos: 10_000_000_000 }))).toBe(100);
});
