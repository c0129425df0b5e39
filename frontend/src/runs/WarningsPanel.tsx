import { Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { RunWarning } from '../api/runWarning';
import { listWarnings } from '../api/runs';
import { DataTable, type Column } from '../shared/DataTable';
import { ReadingFailed } from '../shared/ReadingFailed';

const columns: Column<RunWarning>[] = [
  { header: 'Warning', lead: true, cell: (warning) => warning.message },
  { header: 'Kind', cell: (warning) => <span className="dimmed nowrap">{warning.kind}</span> },
  { header: 'Program', cell: (warning) => warning.program ?? '' },
  { header: 'Subject', cell: (warning) => <span className="mono">{warning.subject ?? ''}</span> },
  { header: 'Times', right: true, cell: (warning) => warning.count.toLocaleString('en') },
];

/** Nothing where there are none. */
export function WarningsPanel({ runId, isEnded }: { runId: string; isEnded: boolean }) {
  const warnings = useQuery({
    queryKey: ['warnings', runId],
    queryFn: ({ signal }) => listWarnings(runId, signal),
    enabled: isEnded,
  });
  if (warnings.data === undefined) return <ReadingFailed what="The warnings could not be read" query={warnings} />;
  if (warnings.data.length === 0) return null;
  return (
    <section aria-labelledby="warnings-heading">
      <Title order={2} id="warnings-heading" mb={6} className="tone-warn">
        Warnings: results may not be trusted where these matter
      </Title>
      <div className="panel-flush">
        <DataTable
          label="Warnings"
          columns={columns}
          rows={warnings.data}
          rowKey={(warning) => `${warning.kind}\n${warning.program ?? ''}\n${warning.subject ?? ''}\n${warning.message}`}
        />
      </div>
    </section>
  );
}
