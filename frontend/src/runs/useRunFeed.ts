import { useEffect, useReducer } from 'react';
import { hasEnded, type Run } from '../api/run';
import { parseJson } from '../api/parse';
import type { RunProgress } from '../api/runProgress';
import { eventsAddress } from '../api/runs';
import { readHistory } from './readHistory';
import { emptyFeed, eventId, reduceFeed, type RunFeed } from './runEvents';

/** A browser gives up on a stream that is refused; so this long after, a new one is opened. */
const REOPEN_MILLIS = 3000;

/**
 * Follows a run's event stream while `enabled`. The browser reconnects by itself (and sends Last-Event-ID) where the connection
 * breaks; where the service refuses meanwhile, a new stream is opened here. With `withHistory`, the progress
 * from before the page was opened is read once. A consumer that shows another run uses another `key`.
 */
export function useRunFeed(id: string, enabled: boolean, withHistory = false): RunFeed {
  const [feed, dispatch] = useReducer(reduceFeed, emptyFeed);

  useEffect(() => {
    if (!enabled) return;
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    let wantsHistory = withHistory;
    const history = new AbortController();

    const recall = (lastId: number) => {
      wantsHistory = false;
      readHistory(id, lastId, history.signal).then(
        (samples) => dispatch({ kind: 'history', samples }),
        // The chart then begins where the page was opened: nothing to trouble a reader with.
        () => undefined,
      );
    };

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
        const run = parseJson<Run>(message.data);
        const lastId = eventId(message.lastEventId);
        dispatch({ kind: 'state', id: lastId, run });
        if (wantsHistory && lastId !== null && run.wallNanos > 0) recall(lastId);
        else wantsHistory = false;
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
    return () => {
      stop();
      history.abort();
    };
  }, [id, enabled, withHistory]);

  return feed;
}
