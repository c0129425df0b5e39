import { useEffect, useReducer } from 'react';
import { hasEnded, type Run } from '../api/run';
import type { RunProgress } from '../api/runProgress';
import { eventsAddress } from '../api/runs';
import { emptyFeed, eventId, reduceFeed, type RunFeed } from './runEvents';

/** A browser gives up on a stream that is refused; so this long after, a new one is opened. */
const REOPEN_MILLIS = 3000;

/**
 * Follows a run's event stream while `enabled`. The browser reconnects by itself (and sends Last-Event-ID) where the connection
 * breaks; where the service refuses meanwhile, a new stream is opened here. A consumer that shows another run uses another `key`.
 */
export function useRunFeed(id: string, enabled: boolean): RunFeed {
  const [feed, dispatch] = useReducer(reduceFeed, emptyFeed);

  useEffect(() => {
    if (!enabled) return;
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;

    const stop = () => {
      stopped = true;
      clearTimeout(timer);
      source?.close();
    };

    const open = () => {
      const opened = new EventSource(eventsAddress(id));
      source = opened;
      opened.onopen = () => dispatch({ kind: 'opened' });
      opened.addEventListener('state', (event) => {
        const message = event as MessageEvent<string>;
        const run = JSON.parse(message.data) as Run;
        dispatch({ kind: 'state', id: eventId(message.lastEventId), run });
        // The service ends the stream here; a browser left alone would open it again and again.
        if (hasEnded(run.state)) stop();
      });
      opened.addEventListener('progress', (event) => {
        const message = event as MessageEvent<string>;
        dispatch({ kind: 'progress', id: eventId(message.lastEventId), progress: JSON.parse(message.data) as RunProgress });
      });
      opened.onerror = () => {
        if (stopped) return;
        dispatch({ kind: 'lost' });
        if (opened.readyState === EventSource.CLOSED) timer = setTimeout(open, REOPEN_MILLIS);
      };
    };

    open();
    return stop;
  }, [id, enabled]);

  return feed;
}
