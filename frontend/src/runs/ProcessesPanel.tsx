import { Checkbox, Group, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProcessOutcome } from '../api/processOutcome';
import { hasEnded, type Run } from '../api/run';
import { listProcesses } from '../api/runs';
import { formatCount } from '../format/count';
import { formatInstant } from '../format/duration';
import { DataTable, type Column } from '../shared/DataTable';
import { Loading } from '../shared/Loading';
import { Pager } from '../shared/Pager';
import { pageOf } from '../shared/paging';
import { ReadingFailed } from '../shared/ReadingFailed';
import { OutputView } from './OutputView';
import { filterProcesses, processKey } from './processFilter';

const SIZE = 50;
const RUNNING_MILLIS = 3000;

interface OpenOutput {
  key: string;
  stream: 'stdout' | 'stderr';
}

export function ProcessesPanel({ run }: { run: Run }) {
  const isRunning = run.state === 'running';
  const processes = useQuery({
    queryKey: ['processes', run.id],
    queryFn: ({ signal }) => listProcesses(run.id, signal),
    refetchInterval: isRunning ? RUNNING_MILLIS : false,
    enabled: run.state !== 'queued',
  });
  if (run.state === 'queued') return null;
  return (
    <section aria-labelledby="processes-heading">
      <Title order={2} id="processes-heading" mb={6}>
        Processes
      </Title>
      {processes.isPending && <Loading what="processes" />}
      <ReadingFailed what="The processes could not be read" query={processes} />
      {processes.data !== undefined && <ProcessList run={run} processes={processes.data} />}
    </section>
  );
}

function ProcessList({ run, processes }: { run: Run; processes: readonly ProcessOutcome[] }) {
  const [failedOnly, setFailedOnly] = useState(false);
  const [text, setText] = useState('');
  const [wantedPage, setPage] = useState(0);
  const [open, setOpen] = useState<OpenOutput | null>(null);

  if (processes.length === 0) {
    return (
      <Text className="panel" c="dimmed">
        {hasEnded(run.state) ? 'No process was started.' : 'None has ended yet. Processes are listed when they end.'}
      </Text>
    );
  }

  const found = filterProcesses(processes, { failedOnly, text });
  const { items, page } = pageOf(found, wantedPage, SIZE);
  const failures = processes.filter((process) => !process.asExpected).length;

  const outputs = (process: ProcessOutcome) => {
    const key = processKey(process);
    return (
      <Group gap="sm" wrap="nowrap">
        {(['stdout', 'stderr'] as const).map((stream) => {
          const path = stream === 'stdout' ? process.stdoutPath : process.stderrPath;
          if (path === null || path === '') return null;
          const isOpen = open?.key === key && open.stream === stream;
          return (
            <button
              key={stream}
              type="button"
              className="link-button"
              aria-expanded={isOpen}
              aria-label={`${stream} of ${process.program}, pid ${process.pid} on ${process.host}`}
              onClick={() => setOpen(isOpen ? null : { key, stream })}
            >
              {isOpen ? `${stream} ▾` : stream}
            </button>
          );
        })}
      </Group>
    );
  };

  const columns: Column<ProcessOutcome>[] = [
    { header: 'Program', lead: true, cell: (process) => <span style={{ fontWeight: 550 }}>{process.program}</span> },
    { header: 'Host', cell: (process) => process.host },
    { header: 'PID', right: true, cell: (process) => process.pid },
    {
      header: 'Final state',
      cell: (process) => (
        <span className={process.asExpected ? '' : 'tone-bad'} data-as-expected={process.asExpected}>
          {process.asExpected ? '' : '✗ '}
          {process.actual}
        </span>
      ),
    },
    { header: 'Expected', cell: (process) => <span className="dimmed">{process.expected}</span> },
    { header: 'Started', right: true, cell: (process) => <span className="nowrap">{formatInstant(process.startNanos)}</span> },
    {
      header: 'Ended',
      right: true,
      cell: (process) => <span className="nowrap">{process.endNanos === null || process.endNanos < 0 ? '–' : formatInstant(process.endNanos)}</span>,
    },
    { header: 'Output', cell: outputs },
  ];

  return (
    <div className="panel-flush">
      <Group gap="md" px="sm" py="xs">
        <TextInput
          size="xs"
          w="13rem"
          aria-label="Filter by host or program"
          placeholder="filter by host or program"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setPage(0);
          }}
        />
        <Checkbox
          size="xs"
          label={`not as expected only (${failures.toLocaleString('en')})`}
          checked={failedOnly}
          onChange={(event) => {
            setFailedOnly(event.currentTarget.checked);
            setPage(0);
          }}
        />
        <Text size="xs" c="dimmed" role="status">
          {found.length === processes.length
            ? formatCount(processes.length, 'process', 'processes')
            : `${found.length.toLocaleString('en')} of ${formatCount(processes.length, 'process', 'processes')}`}
        </Text>
      </Group>
      {found.length === 0 ? (
        <Text p="md" c="dimmed">
          {failedOnly && failures === 0 ? 'Every process ended as expected.' : 'No process matches.'}
        </Text>
      ) : (
        <DataTable
          label="Processes"
          columns={columns}
          rows={items}
          rowKey={processKey}
          detail={(process) => {
            if (open === null || open.key !== processKey(process)) return null;
            const path = open.stream === 'stdout' ? process.stdoutPath : process.stderrPath;
            return path === null ? null : <OutputView key={path} runId={run.id} path={path} isFinal={hasEnded(run.state)} />;
          }}
        />
      )}
      <Pager page={page} size={SIZE} total={found.length} what="processes" onPage={setPage} />
    </div>
  );
}
