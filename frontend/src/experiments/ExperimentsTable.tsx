import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import type { Experiment } from '../api/experiment';
import { DataTable, type Column } from '../shared/DataTable';
import { When } from '../shared/When';

const columns: Column<Experiment>[] = [
  {
    header: 'Experiment',
    lead: true,
    cell: (experiment) => (
      <Anchor component={Link} to={`/experiments/${encodeURIComponent(experiment.id)}`} fw={550}>
        {experiment.name}
      </Anchor>
    ),
  },
  { header: 'Description', wide: true, cell: (experiment) => (experiment.description ? <span className="dimmed">{experiment.description}</span> : '') },
  { header: 'Hosts', right: true, cell: (experiment) => experiment.hosts.toLocaleString('en') },
  { header: 'Processes', right: true, cell: (experiment) => experiment.processes.toLocaleString('en') },
  { header: 'Stop time', right: true, cell: (experiment) => <span className="nowrap">{experiment.stopTime}</span> },
  { header: 'Runs', right: true, cell: (experiment) => experiment.runs.toLocaleString('en') },
  { header: 'Submitted', cell: (experiment) => <When iso={experiment.createdAt} /> },
];

export function ExperimentsTable({ experiments }: { experiments: readonly Experiment[] }) {
  return <DataTable label="Experiments" columns={columns} rows={experiments} rowKey={(experiment) => experiment.id} />;
}
