import { Group, NativeSelect, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { RUN_STATES, type RunState } from '../api/run';
import { listRuns } from '../api/runs';
import { RunsTable } from '../runs/RunsTable';
import { listInterval, useLiveRuns } from '../runs/useLiveRuns';
import { Loading } from '../shared/Loading';
import { Pager } from '../shared/Pager';
import { pageIndex } from '../shared/paging';
import { ReadingFailed } from '../shared/ReadingFailed';

const SIZE = 15;

const stateOf = (text: string | null): RunState | undefined => RUN_STATES.find((state) => state === text);

export function RunsSection() {
  const [address, setAddress] = useSearchParams();
  const page = pageIndex(address.get('runs'));
  const state = stateOf(address.get('state'));
  const runs = useQuery({
    queryKey: ['runs', { page, state }],
    queryFn: ({ signal }) => listRuns({ page, size: SIZE, ...(state === undefined ? {} : { state }) }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => listInterval(query.state.data?.items),
  });
  const live = useLiveRuns(runs.data?.items ?? []);

  const change = (name: string, value: string) =>
    setAddress(
      (known) => {
        const next = new URLSearchParams(known);
        if (name === 'state') next.delete('runs');
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );

  return (
    <section aria-labelledby="runs-heading">
      <Group justify="space-between" mb={6}>
        <Title order={2} id="runs-heading">
          Runs
        </Title>
        <NativeSelect
          size="xs"
          aria-label="Show runs by state"
          value={state ?? ''}
          onChange={(event) => change('state', event.currentTarget.value)}
          data={[{ value: '', label: 'all states' }, ...RUN_STATES.map((name) => ({ value: name, label: name }))]}
        />
      </Group>
      <ReadingFailed what="The runs could not be read" query={runs} />
      {runs.isPending && <Loading what="runs" />}
      {runs.data !== undefined && (
        <div className="panel-flush">
          {live.length === 0 ? (
            <Text p="md" c="dimmed">
              {state === undefined ? 'No runs yet. Open an experiment below and run it.' : `No runs are ${state}.`}
            </Text>
          ) : (
            <RunsTable runs={live} />
          )}
          <Pager page={page} size={SIZE} total={runs.data.total} what="runs" onPage={(next) => change('runs', String(next + 1))} />
        </div>
      )}
    </section>
  );
}
