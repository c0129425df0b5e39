export const RUN_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted'] as const;

export type RunState = (typeof RUN_STATES)[number];

/** One execution of an experiment with one seed. Virtual and wall times in nanoseconds. */
export interface Run {
  id: string;
  experimentId: string;
  experimentName: string;
  /** Digits of a number from 0 to 2^63 - 1. */
  seed: string;
  state: RunState;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  attempts: number;
  virtualNanos: number;
  stopNanos: number;
  wallNanos: number;
  /** Virtual over wall time; null or 0 before the first progress. */
  ratio: number | null;
  hosts: number;
  processesRunning: number;
  processesEnded: number;
  processesFailed: number;
  /** Over all deterministic files, 64 hexadecimal digits; null until the end. */
  digest: string | null;
  failure: string | null;
  queuePosition: number | null;
}

/** Whether the run waits or goes: an interrupted one is queued again by the service as a new attempt or stays as it is. */
export const isActive = (state: RunState): boolean => state === 'queued' || state === 'running';

/** States after which nothing changes any more. */
export const hasEnded = (state: RunState): boolean => !isActive(state);
