import { describe, expect, it } from 'vitest';
import type { RunProgress } from '../api/runProgress';
import { emptyFeed, eventId, laterRun, reduceFeed, SAMPLE_LIMIT, type FeedEvent, type RunFeed } from './runEvents';
import { sampleRun } from './sampleRun';

const progress = (wallNanos: number, changes: Partial<RunProgress> = {}): RunProgress => ({
  virtualNanos: wallNanos * 2,
  stopNanos: 10_000_000_000,
  wallNanos,
  ratio: 2,
  hosts: 2,
  processesRunning: 3,
  processesEnded: 1,
  processesFailed: 0,
  ...changes,
});

const after = (...events: FeedEvent[]): RunFeed => events.reduce(reduceFeed, emptyFeed);

describe('reduceFeed', () => {
  it('starts live with the first state', () => {
    const feed = after({ kind: 'opened' }, { kind: 'state', id: 4, run: sampleRun() });
    expect(feed.connection).toBe('live');
    expect(feed.run?.state).toBe('running');
    expect(feed.lastEventId).toBe(4);
  });

  it('lays progress over the state and keeps the rest of it', () => {
    const feed = after(
      { kind: 'state', id: 1, run: sampleRun({ seed: '7' }) },
      { kind: 'progress', id: 2, progress: progress(1_000_000_000) },
    );
    expect(feed.run).toMatchObject({ seed: '7', virtualNanos: 2_000_000_000, processesRunning: 3 });
    expect(feed.samples).toEqual([{ wallNanos: 1_000_000_000, virtualNanos: 2_000_000_000, ratio: 2 }]);
  });

  it('drops what comes again after a reconnect', () => {
    const feed = after(
      { kind: 'state', id: 1, run: sampleRun() },
      { kind: 'progress', id: 2, progress: progress(1000) },
      { kind: 'progress', id: 3, progress: progress(2000) },
      { kind: 'lost' },
      { kind: 'progress', id: 2, progress: progress(1000) },
      { kind: 'progress', id: 4, progress: progress(3000) },
    );
    expect(feed.samples.map((sample) => sample.wallNanos)).toEqual([1000, 2000, 3000]);
    expect(feed.run?.wallNanos).toBe(3000);
    expect(feed.connection).toBe('live');
  });

  it('does not let an older state undo a newer one', () => {
    const feed = after(
      { kind: 'state', id: 9, run: sampleRun({ state: 'succeeded' }) },
      { kind: 'state', id: 3, run: sampleRun({ state: 'running' }) },
    );
    expect(feed.run?.state).toBe('succeeded');
  });

  it('ends with a final state and stays ended when the stream closes', () => {
    const feed = after(
      { kind: 'state', id: 1, run: sampleRun() },
      { kind: 'state', id: 2, run: sampleRun({ state: 'failed', failure: 'why' }) },
      { kind: 'lost' },
      { kind: 'opened' },
    );
    expect(feed.connection).toBe('ended');
    expect(feed.run?.failure).toBe('why');
  });

  it('says when the connection is lost', () => {
    expect(after({ kind: 'state', id: 1, run: sampleRun() }, { kind: 'lost' }).connection).toBe('lost');
  });

  it('starts the chart anew with a new attempt', () => {
    const feed = after(
      { kind: 'state', id: 1, run: sampleRun({ attempts: 1 }) },
      { kind: 'progress', id: 2, progress: progress(5_000_000_000) },
      { kind: 'state', id: 3, run: sampleRun({ attempts: 2 }) },
      { kind: 'progress', id: 4, progress: progress(1_000_000_000) },
    );
    expect(feed.samples.map((sample) => sample.wallNanos)).toEqual([1_000_000_000]);
  });

  it('thins a long run instead of growing without end', () => {
    let feed = reduceFeed(emptyFeed, { kind: 'state', id: 0, run: sampleRun() });
    for (let index = 1; index <= 3 * SAMPLE_LIMIT; index++) {
      feed = reduceFeed(feed, { kind: 'progress', id: index, progress: progress(index * 1000) });
    }
    expect(feed.samples.length).toBeLessThanOrEqual(SAMPLE_LIMIT);
    expect(feed.samples.at(0)?.wallNanos).toBe(1000);
    expect(feed.samples.at(-1)?.wallNanos).toBe(3 * SAMPLE_LIMIT * 1000);
  });

  it('takes events without ids as they come', () => {
    const feed = after(
      { kind: 'state', id: null, run: sampleRun() },
      { kind: 'progress', id: null, progress: progress(1000) },
      { kind: 'progress', id: null, progress: progress(2000) },
    );
    expect(feed.samples).toHaveLength(2);
  });
});

describe('history', () => {
  it('comes before what was seen meanwhile, without repeating it', () => {
    const sample = (wallNanos: number) => ({ wallNanos, virtualNanos: wallNanos * 2, ratio: 2 });
    const feed = after(
      { kind: 'state', id: 5, run: sampleRun({ wallNanos: 3000, virtualNanos: 6000, ratio: 2 }) },
      { kind: 'progress', id: 6, progress: progress(4000) },
      { kind: 'history', samples: [sample(1000), sample(2000), sample(3000)] },
    );
    expect(feed.samples).toEqual([sample(1000), sample(2000), sample(3000), sample(4000)]);
    expect(reduceFeed(feed, { kind: 'history', samples: [] }).samples).toHaveLength(4);
  });
});

describe('laterRun', () => {
  it('prefers an ended run, then the later attempt, then more wall time', () => {
    const ended = sampleRun({ state: 'cancelled' });
    const first = sampleRun({ wallNanos: 9000 });
    const second = sampleRun({ attempts: 2, wallNanos: 10 });
    expect(laterRun(ended, first)).toBe(ended);
    expect(laterRun(first, ended)).toBe(ended);
    expect(laterRun(first, second)).toBe(second);
    expect(laterRun(sampleRun({ wallNanos: 5 }), first)).toBe(first);
  });
});

it('reads event ids', () => {
  expect(eventId('12')).toBe(12);
  expect(eventId('')).toBeNull();
  expect(eventId('a1')).toBeNull();
});
