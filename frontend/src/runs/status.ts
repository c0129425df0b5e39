import type { Run } from '../api/run';
import { formatDuration, fractionOf } from '../format/duration';

/** Percent of virtual time done, whole; 100 only at the end. */
export function percentOf(run: Run): number {
  return Math.floor(fractionOf(run.virtualNanos, run.stopNanos) * 100);
}

/** What a screen reader is told: at each tenth of the run and at each change of state, not four times a second. */
export function announcementOf(run: Run): string {
  switch (run.state) {
    case 'queued':
      return run.queuePosition === null ? 'Queued.' : `Queued, position ${run.queuePosition}.`;
    case 'running': {
      const tenths = Math.floor(percentOf(run) / 10) * 10;
      return `Running, ${tenths} percent of virtual time done.`;
    }
    case 'succeeded':
      return `Succeeded after ${formatDuration(run.wallNanos)}.`;
    case 'failed':
      return `Failed${run.failure === null ? '.' : `: ${run.failure}`}`;
    case 'cancelled':
      return 'Cancelled.';
    case 'interrupted':
      return 'Interrupted.';
  }
}
