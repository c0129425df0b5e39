import { send } from '../api/client';
import { parseJson } from '../api/parse';
import type { Run } from '../api/run';
import type { RunProgress } from '../api/runProgress';
import { runPath } from '../api/runs';
import { takeEvents, type TextEvent } from './eventText';
import { emptyFeed, eventId, reduceFeed, type FeedEvent, type ProgressSample } from './runEvents';

/** Ids begin at 1 for all runs together: "after 1" is everything but, at most, a first state. */
const BEGINNING = '1';

function feedEvent({ id, name, data }: TextEvent): FeedEvent | null {
  if (name === 'state') return { kind: 'state', id: eventId(id), run: parseJson<Run>(data) };
  if (name === 'progress') return { kind: 'progress', id: eventId(id), progress: JSON.parse(data) as RunProgress };
  return null;
}

/**
 * The progress before a stream was opened: an EventSource cannot ask for it, for it sends Last-Event-ID only when it reconnects.
 * Reads the kept events up to `lastId` and no further.
 */
export async function readHistory(id: string, lastId: number, signal: AbortSignal): Promise<readonly ProgressSample[]> {
  const response = await send(`${runPath(id)}/events`, {
    headers: { Accept: 'text/event-stream', 'Last-Event-ID': BEGINNING },
    signal,
  });
  const reader = response.body?.getReader();
  if (reader === undefined) return [];
  const decoder = new TextDecoder();
  let feed = emptyFeed;
  let text = '';
  let last = BEGINNING;
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    const taken = takeEvents(text, last);
    text = taken.rest;
    last = taken.lastId;
    for (const event of taken.events) {
      const known = feedEvent(event);
      if (known !== null) feed = reduceFeed(feed, known);
    }
    if (done) return feed.samples;
    if ((eventId(last) ?? 0) >= lastId) {
      await reader.cancel();
      return feed.samples;
    }
  }
}
