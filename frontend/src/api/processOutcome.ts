/** How a process of a run ended; paths are relative to the run's directory. */
export interface ProcessOutcome {
  host: string;
  program: string;
  pid: number;
  startNanos: number;
  endNanos: number | null;
  /** As the definition asks: "exited 0", "signaled 9", "running". */
  expected: string;
  actual: string;
  asExpected: boolean;
  stdoutPath: string | null;
  stderrPath: string | null;
}
