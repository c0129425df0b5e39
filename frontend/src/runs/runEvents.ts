import { hasEnded, type Run } from '../api/run';
import type { RunProgress } from '../api/runProgress';

/** One point of the progress chart. */
export interface ProgressSample {
  wallNanos: number;
  virtualNanos: number;
  ratio: number;
}

export type Connection = 'connecting' | 'live' | 'lost' | 'ended';

/** What the page knows of a run from its event stream. */
export interface RunFeed {
  run: Run | null;
  samples: readonly ProgressSample[];
  connection: Connection;
  /** Highest event id seen: events that come again after a reconnect are dropped. */
  lastEventId: number;
}

export type FeedEvent =
  | { kind: 'state'; id: number | null; run: Run }
  | { kind: 'progress'; id: number | null; progress: RunProgress }
  | { kind: 'history'; samples: readonly ProgressSample[] }
  | { kind: 'opened' }
  | { kind: 'lost' };

/** More points than this are more than the chart has pixels: every second one is dropped. */
export const SAMPLE_LIMIT = 2000;

export const emptyFeed: RunFeed = { run: null, samples: [], connection: 'connecting', lastEventId: -1 };

function withSample(samples: readonly ProgressSample[], progress: RunProgress): readonly ProgressSample[] {
  if (progress.wallNanos <= 0) return samples;
  const last = samples.at(-1);
  if (last !== undefined && progress.wallNanos <= last.wallNanos) return samples;
  const sample = { wallNanos: progress.wallNanos, virtualNanos: progress.virtualNanos, ratio: progress.ratio ?? 0 };
  const kept = samples.length >= SAMPLE_LIMIT ? samples.filter((_, index) => index % 2 === 0) : samples;
  return [...kept, sample];
}

/** What was before, then what came meanwhile. */
function withHistory(history: readonly ProgressSample[], samples: readonly ProgressSample[]): readonly ProgressSample[] {
  const last = history.at(-1);
  return last === undefined ? samples : [...history, ...samples.filter((sample) => sample.wallNanos > last.wallNanos)];
}

function isRepeated(feed: RunFeed, id: number | null): boolean {
  return id !== null && id <= feed.lastEventId;
}

export function reduceFeed(feed: RunFeed, event: FeedEvent): RunFeed {
  switch (event.kind) {
    case 'opened':
      return feed.connection === 'ended' ? feed : { ...feed, connection: 'live' };
    case 'history':
      return { ...feed, samples: withHistory(event.samples, feed.samples) };
    case 'lost':
      return feed.connection === 'ended' ? feed : { ...feed, connection: 'lost' };
    case 'state': {
      // A state is whole, so that one that comes again does no harm; only an older one must not undo a newer.
      if (event.id !== null && event.id < feed.lastEventId) return feed;
      const requeued = feed.run !== null && event.run.attempts !== feed.run.attempts;
      return {
        run: event.run,
        samples: withSample(requeued ? [] : feed.samples, event.run),
        connection: hasEnded(event.run.state) ? 'ended' : 'live',
        lastEventId: event.id ?? feed.lastEventId,
      };
    }
    case 'progress': {
      if (isRepeated(feed, event.id)) return feed;
      return {
        run: feed.run === null ? null : { ...feed.run, ...event.progress },
        samples: withSample(feed.samples, event.progress),
        connection: feed.connection === 'ended' ? 'ended' : 'live',
        lastEventId: event.id ?? feed.lastEventId,
      };
    }
  }
}

/** Of two views of one run, which may have come by different ways, the later. */
export function laterRun(left: Run, right: Run): Run {
  if (hasEnded(left.state) !== hasEnded(right.state)) return hasEnded(left.state) ? left : right;
  if (left.attempts !== right.attempts) return left.attempts > right.attempts ? left : right;
  return left.wallNanos > right.wallNanos ? left : right;
}

/** An event's id as a number; null where the server gave none. */
export function eventId(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}
