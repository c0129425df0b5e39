import { describe, expect, it } from 'vitest';
import type { ProcessOutcome } from '../api/processOutcome';
import { filterProcesses, processKey } from './processFilter';

const outcome = (host: string, program: string, asExpected: boolean): ProcessOutcome => ({
  host,
  program,
  pid: 1000,
  startNanos: 0,
  endNanos: 1,
  expected: 'exited 0',
  actual: asExpected ? 'exited 0' : 'exited 7',
  asExpected,
  stdoutPath: null,
  stderrPath: null,
});

const all = [outcome('server', 'python3', true), outcome('client1', 'curl', true), outcome('client2', 'curl', false)];

describe('filterProcesses', () => {
  it('shows all without a filter', () => expect(filterProcesses(all, { failedOnly: false, text: ' ' })).toHaveLength(3));
  it('shows failed ones only', () =>
    expect(filterProcesses(all, { failedOnly: true, text: '' }).map(processKey)).toEqual(['client2/1000']));
  it('finds hosts and programs, whatever the case', () => {
    expect(filterProcesses(all, { failedOnly: false, text: 'CLIENT' })).toHaveLength(2);
    expect(filterProcesses(all, { failedOnly: false, text: 'python' })).toHaveLength(1);
  });
});
