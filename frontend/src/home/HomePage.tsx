import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listExperiments } from '../api/experiments';
import { Loading } from '../shared/Loading';
import { PageTitle } from '../shared/PageTitle';
import { ExperimentsSection } from './ExperimentsSection';
import { RunsSection } from './RunsSection';
import { Welcome } from './Welcome';

const LIST_MILLIS = 8000;

export function HomePage() {
  const any = useQuery({
    queryKey: ['experiments', 0, 1],
    queryFn: ({ signal }) => listExperiments(0, 1, signal),
    refetchInterval: LIST_MILLIS,
  });
  const isEmpty = any.data?.total === 0;
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageTitle text="Runs and experiments" />
        <Button component={Link} to="/submit">
          Submit an experiment
        </Button>
      </Group>
      {any.isPending ? (
        <Loading what="runs" />
      ) : isEmpty ? (
        <Welcome />
      ) : (
        <>
          <RunsSection />
          <ExperimentsSection />
        </>
      )}
    </Stack>
  );
}
