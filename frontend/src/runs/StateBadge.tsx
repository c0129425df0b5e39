import type { RunState } from '../api/run';

const SHAPES: Record<RunState, string> = {
  queued: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4v4.2l2.6 1.6',
  running: 'M8 1.5a6.5 6.5 0 1 1-6.5 6.5',
  succeeded: 'M2.5 8.5 6.5 12.5 13.5 4',
  failed: 'M3 3l10 10M13 3 3 13',
  cancelled: 'M3 8h10',
  interrupted: 'M8 2v7.5M8 12.4v1.4',
};

/** A run's state as shape, word and colour. */
export function StateBadge({ state }: { state: RunState }) {
  return (
    <span className={`state state-${state}`} data-state={state}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[state]} fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      {state}
    </span>
  );
}
