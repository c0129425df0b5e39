/** Data of a `progress` event: the part of a run that changes while it goes. */
export interface RunProgress {
  virtualNanos: number;
  stopNanos: number;
  wallNanos: number;
  ratio: number | null;
  hosts: number;
  processesRunning: number;
  processesEnded: number;
  processesFailed: number;
}
