import type { Run } from '../api/run';

/** A run for tests. */
export function sampleRun(changes: Partial<Run> = {}): Run {
  return {
    id: 'r1',
    experimentId: 'e1',
    experimentName: 'web',
    seed: '1',
    state: 'running',
    createdAt: '2026-11-23T12:00:00Z',
    startedAt: '2026-11-23T12:00:01Z',
    endedAt: null,
    attempts: 1,
    virtualNanos: 0,
    stopNanos: 10_000_000_000,
    wallNanos: 0,
    ratio: null,
    hosts: 2,
    processesRunning: 0,
    processesEnded: 0,
    processesFailed: 0,
    digest: null,
    failure: null,
    queuePosition: null,
    ...changes,
  };
}
