export interface ServiceStatus {
  version: string;
  queued: number;
  running: number;
  executors: number;
}
