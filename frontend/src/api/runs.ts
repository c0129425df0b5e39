import { API_BASE, encodePath, getJson, postJson, withQuery } from './client';
import type { Page } from './page';
import type { ProcessOutcome } from './processOutcome';
import type { Run, RunState } from './run';
import type { RunFile } from './runFile';
import type { RunWarning } from './runWarning';
import type { ServiceStatus } from './serviceStatus';

export interface RunFilter {
  experimentId?: string;
  state?: RunState;
  page: number;
  size: number;
}

/** Path below the API's base, for `send`. */
export const runPath = (id: string) => `/runs/${encodeURIComponent(id)}`;

export const listRuns = ({ experimentId, state, page, size }: RunFilter, signal?: AbortSignal) =>
  getJson<Page<Run>>(withQuery('/runs', { experimentId, state, page, size }), signal);

export const showRun = (id: string, signal?: AbortSignal) => getJson<Run>(runPath(id), signal);
export const cancelRun = (id: string) => postJson<Run>(`${runPath(id)}/cancel`);
export const listProcesses = (id: string, signal?: AbortSignal) => getJson<ProcessOutcome[]>(`${runPath(id)}/processes`, signal);
export const listWarnings = (id: string, signal?: AbortSignal) => getJson<RunWarning[]>(`${runPath(id)}/warnings`, signal);
export const listFiles = (id: string, signal?: AbortSignal) => getJson<RunFile[]>(`${runPath(id)}/files`, signal);
export const showStatus = (signal?: AbortSignal) => getJson<ServiceStatus>('/status', signal);

/** Path below the API's base, for `send`. */
export const filePath = (id: string, path: string) => `${runPath(id)}/files/${encodePath(path)}`;

export const fileAddress = (id: string, path: string) => `${API_BASE}${filePath(id, path)}`;
export const archiveAddress = (id: string) => `${API_BASE}${runPath(id)}/archive.zip`;
export const eventsAddress = (id: string) => `${API_BASE}${runPath(id)}/events`;
