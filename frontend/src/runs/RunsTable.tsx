import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { isActive, type Run } from '../api/run';
import { formatDuration, fractionOf } from '../format/duration';
import { formatRatio } from '../format/ratio';
import { DataTable, type Column } from '../shared/DataTable';
import { When } from '../shared/When';
import { Digest } from './Digest';
import type { DigestGroup } from './digests';
import { StateBadge } from './StateBadge';

const virtualTime: Column<Run> = {
  header: 'Virtual time',
  wide: true,
  right: true,
  cell: (run) => (
    <span className="nowrap">
      {run.state === 'queued' ? '–' : formatDuration(run.virtualNanos)} <span className="dimmed">of {formatDuration(run.stopNanos)}</span>
      {run.state === 'running' && (
        <span className="meter meter-row" aria-hidden="true">
          <div style={{ width: `${fractionOf(run.virtualNanos, run.stopNanos) * 100}%` }} />
        </span>
      )}
    </span>
  ),
};

const common: Column<Run>[] = [
  {
    header: 'State',
    cell: (run) => (
      <>
        <StateBadge state={run.state} />
        {run.state === 'queued' && run.queuePosition !== null && <span className="dimmed"> (place {run.queuePosition})</span>}
      </>
    ),
  },
  { header: 'Seed', right: true, cell: (run) => run.seed },
  virtualTime,
  {
    header: 'Wall time',
    right: true,
    cell: (run) => (run.wallNanos > 0 ? <span className="nowrap">{formatDuration(run.wallNanos)}</span> : '–'),
  },
  { header: 'Ratio', right: true, cell: (run) => formatRatio(run.ratio) },
  {
    header: 'Failed',
    right: true,
    cell: (run) =>
      run.processesFailed > 0 ? <span className="tone-bad">{run.processesFailed.toLocaleString('en')}</span> : isActive(run.state) ? '–' : '0',
  },
];

const when: Column<Run> = { header: 'Submitted', cell: (run) => <When iso={run.createdAt} /> };

/** Runs of many experiments. */
export function RunsTable({ runs }: { runs: readonly Run[] }) {
  const lead: Column<Run> = {
    header: 'Run of',
    lead: true,
    cell: (run) => (
      <Anchor component={Link} to={`/runs/${encodeURIComponent(run.id)}`} fw={550}>
        {run.experimentName}
      </Anchor>
    ),
  };
  return <DataTable label="Runs" columns={[lead, ...common, when]} rows={runs} rowKey={(run) => run.id} />;
}

/** The end of an identifier: those made from the time begin alike. */
const shortId = (id: string) => (id.length > 13 ? `…${id.slice(-8)}` : id);

/** Runs of one experiment side by side: equal digests have equal letters. */
export function RunsComparison({ runs, groups }: { runs: readonly Run[]; groups: Map<string, DigestGroup> }) {
  const lead: Column<Run> = {
    header: 'Run',
    lead: true,
    cell: (run) => (
      <Anchor component={Link} to={`/runs/${encodeURIComponent(run.id)}`} fw={550} className="mono" title={run.id}>
        {shortId(run.id)}
      </Anchor>
    ),
  };
  const digest: Column<Run> = {
    header: 'Digest',
    wide: true,
    cell: (run) => <Digest digest={run.digest} group={groups.get(run.digest ?? '')} />,
  };
  return <DataTable label="Runs of this experiment" columns={[lead, ...common, digest, when]} rows={runs} rowKey={(run) => run.id} />;
}
