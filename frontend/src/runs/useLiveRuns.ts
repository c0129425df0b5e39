import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { hasEnded, type Run } from '../api/run';
import { useRunFeed } from './useRunFeed';

/** How often a list with something going is read again; the one run that is followed by events moves in between. */
export const BUSY_MILLIS = 2000;
export const IDLE_MILLIS = 8000;

export const listInterval = (runs: readonly Run[] | undefined): number =>
  runs?.some((run) => !hasEnded(run.state)) === true ? BUSY_MILLIS : IDLE_MILLIS;

/**
 * The same runs, the first running one up to date by its event stream. One stream only: a browser has six connections for a
 * service over HTTP/1.1, and other tabs want some.
 */
export function useLiveRuns(runs: readonly Run[]): readonly Run[] {
  const followed = runs.find((run) => run.state === 'running')?.id ?? '';
  const feed = useRunFeed(followed, followed !== '');
  const queries = useQueryClient();
  const live = feed.run !== null && feed.run.id === followed ? feed.run : null;
  const ended = live !== null && hasEnded(live.state);

  useEffect(() => {
    if (!ended) return;
    void queries.invalidateQueries({ queryKey: ['runs'] });
    void queries.invalidateQueries({ queryKey: ['status'] });
  }, [ended, queries]);

  return live === null ? runs : runs.map((run) => (run.id === live.id ? live : run));
}
