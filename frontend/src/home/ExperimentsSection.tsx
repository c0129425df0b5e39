import { Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { listExperiments } from '../api/experiments';
import { ExperimentsTable } from '../experiments/ExperimentsTable';
import { Loading } from '../shared/Loading';
import { Pager } from '../shared/Pager';
import { pageIndex } from '../shared/paging';
import { ReadingFailed } from '../shared/ReadingFailed';

const SIZE = 10;
const LIST_MILLIS = 8000;

export function ExperimentsSection() {
  const [address, setAddress] = useSearchParams();
  const page = pageIndex(address.get('experiments'));
  const experiments = useQuery({
    queryKey: ['experiments', page, SIZE],
    queryFn: ({ signal }) => listExperiments(page, SIZE, signal),
    placeholderData: keepPreviousData,
    refetchInterval: LIST_MILLIS,
  });
  const turn = (next: number) =>
    setAddress(
      (known) => {
        const changed = new URLSearchParams(known);
        changed.set('experiments', String(next + 1));
        return changed;
      },
      { replace: true },
    );
  return (
    <section aria-labelledby="experiments-heading">
      <Title order={2} id="experiments-heading" mb={6}>
        Experiments
      </Title>
      <ReadingFailed what="The experiments could not be read" query={experiments} />
      {experiments.isPending && <Loading what="experiments" />}
      {experiments.data !== undefined && (
        <div className="panel-flush">
          <ExperimentsTable experiments={experiments.data.items} />
          <Pager page={page} size={SIZE} total={experiments.data.total} what="experiments" onPage={turn} />
        </div>
      )}
    </section>
  );
}
