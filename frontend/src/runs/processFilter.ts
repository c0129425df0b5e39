import type { ProcessOutcome } from '../api/processOutcome';

export interface ProcessFilter {
  failedOnly: boolean;
  /** Part of a host's or program's name; empty: all. */
  text: string;
}

export function filterProcesses(processes: readonly ProcessOutcome[], filter: ProcessFilter): ProcessOutcome[] {
  const text = filter.text.trim().toLowerCase();
  return processes.filter(
    (process) =>
      (!filter.failedOnly || !process.asExpected) &&
      (text === '' || process.host.toLowerCase().includes(text) || process.program.toLowerCase().includes(text)),
  );
}

/** A process's name within its run; a host's PIDs are its own. */
export const processKey = (process: ProcessOutcome): string => `${process.host}/${process.pid}`;
