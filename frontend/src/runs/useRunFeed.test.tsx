// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleRun } from './sampleRun';
import { useRunFeed } from './useRunFeed';

/** A browser's EventSource, driven by hand. */
class Stream extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static opened: Stream[] = [];
  readyState = Stream.CONNECTING;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    Stream.opened.push(this);
  }

  close() {
    this.readyState = Stream.CLOSED;
  }

  say(name: string, data: unknown, id: number) {
    act(() => {
      this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId: String(id) }));
    });
  }

  fail(readyState: number) {
    this.readyState = readyState;
    act(() => this.onerror?.());
  }
}

const pass = (millis: number) =>
  act(() => {
    vi.advanceTimersByTime(millis);
  });

const stream = (index: number) => {
  const opened = Stream.opened[index];
  if (opened === undefined) throw new Error(`no stream was opened: index=${index}`);
  return opened;
};

beforeEach(() => {
  Stream.opened = [];
  vi.stubGlobal('EventSource', Stream);
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('useRunFeed', () => {
  it('follows the run and closes at its end', () => {
    const { result } = renderHook(() => useRunFeed('r1', true));
    expect(stream(0).url).toBe('/api/v1/runs/r1/events');
    stream(0).say('state', { ...sampleRun(), seed: 12 }, 1);
    expect(result.current.run).toMatchObject({ state: 'running', seed: '12' });
    stream(0).say('state', sampleRun({ state: 'succeeded' }), 2);
    expect(result.current.connection).toBe('ended');
    expect(stream(0).readyState).toBe(Stream.CLOSED);
    stream(0).fail(Stream.CLOSED);
    pass(60_000);
    expect(Stream.opened).toHaveLength(1);
  });

  it('leaves reconnecting to the browser where it does so, and says the connection is lost', () => {
    const { result } = renderHook(() => useRunFeed('r1', true));
    stream(0).say('state', sampleRun(), 1);
    stream(0).fail(Stream.CONNECTING);
    expect(result.current.connection).toBe('lost');
    pass(60_000);
    expect(Stream.opened).toHaveLength(1);
    stream(0).say('state', sampleRun(), 2);
    expect(result.current.connection).toBe('live');
  });

  it('opens another stream where the browser gave up', () => {
    renderHook(() => useRunFeed('r1', true));
    stream(0).fail(Stream.CLOSED);
    expect(Stream.opened).toHaveLength(1);
    pass(3000);
    expect(Stream.opened).toHaveLength(2);
  });

  it('lets go when the page is left', () => {
    const { unmount } = renderHook(() => useRunFeed('r1', true));
    unmount();
    expect(stream(0).readyState).toBe(Stream.CLOSED);
  });

  it('opens nothing while it is not enabled', () => {
    renderHook(() => useRunFeed('', false));
    expect(Stream.opened).toHaveLength(0);
  });

  it('recalls the progress from before, up to the first event and no further', async () => {
    vi.useRealTimers();
    const progress = (wallNanos: number) =>
      JSON.stringify({ virtualNanos: wallNanos, stopNanos: 9e9, wallNanos, ratio: 1, hosts: 1, processesRunning: 1, processesEnded: 0, processesFailed: 0 });
    const text = [1, 2, 3, 4].map((index) => `id:${index + 10}\nevent:progress\ndata:${progress(index * 1000)}\n\n`);
    let asked = '';
    let cancelled = false;
    vi.stubGlobal('fetch', (_: string, options: RequestInit) => {
      asked = new Headers(options.headers).get('Last-Event-ID') ?? '';
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => text.forEach((piece) => controller.enqueue(new TextEncoder().encode(piece))),
        cancel: () => {
          cancelled = true;
        },
      });
      return Promise.resolve(new Response(body));
    });
    const { result } = renderHook(() => useRunFeed('r1', true, true));
    stream(0).say('state', sampleRun({ wallNanos: 3000, virtualNanos: 3000, ratio: 1 }), 13);
    await vi.waitFor(() => expect(result.current.samples.map((sample) => sample.wallNanos)).toEqual([1000, 2000, 3000]));
    expect(asked).toBe('1');
    expect(cancelled).toBe(true);
  });
});
