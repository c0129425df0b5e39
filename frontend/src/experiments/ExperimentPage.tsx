import { Alert, Anchor, Badge, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { readDefinition, showExperiment, startRun } from '../api/experiments';
import type { Experiment } from '../api/experiment';
import { listRuns } from '../api/runs';
import { groupDigests, seedsThatDiffer } from '../runs/digests';
import { RunsComparison } from '../runs/RunsTable';
import { listInterval, useLiveRuns } from '../runs/useLiveRuns';
import { CopyText } from '../shared/CopyText';
import { DefinitionText } from '../shared/DefinitionText';
import { ErrorNote } from '../shared/ErrorNote';
import { Loading } from '../shared/Loading';
import { Pager } from '../shared/Pager';
import { PageTitle } from '../shared/PageTitle';
import { When } from '../shared/When';
import { ReadingFailed } from '../shared/ReadingFailed';
import { parseSeed } from '../submit/seed';

const RUNS_SIZE = 20;

export function ExperimentPage() {
  const { id = '' } = useParams();
  const experiment = useQuery({ queryKey: ['experiment', id], queryFn: ({ signal }) => showExperiment(id, signal) });
  if (experiment.data !== undefined) return <ExperimentView experiment={experiment.data} />;
  if (experiment.isError) {
    return (
      <Stack>
        <PageTitle text="Experiment" />
        <ErrorNote what="The experiment could not be read" error={experiment.error} onRetry={() => void experiment.refetch()} />
        <Anchor component={Link} to="/">
          To all experiments
        </Anchor>
      </Stack>
    );
  }
  return <Loading what="experiment" />;
}

function ExperimentView({ experiment }: { experiment: Experiment }) {
  return (
    <Stack gap="lg">
      <div>
        <Group gap="sm">
          <PageTitle text={experiment.name} />
          {experiment.tags.map((tag) => (
            <Badge key={tag} variant="default" tt="none" fw={500}>
              {tag}
            </Badge>
          ))}
        </Group>
        {experiment.description && (
          <Text c="dimmed" mt={4} maw="50rem">
            {experiment.description}
          </Text>
        )}
      </div>
      <section className="panel" aria-label="Facts">
        <dl className="figures">
          <Figure name="Hosts" value={experiment.hosts.toLocaleString('en')} />
          <Figure name="Processes" value={experiment.processes.toLocaleString('en')} />
          <Figure name="Stop time (virtual)" value={experiment.stopTime} />
          <div>
            <dt>Submitted</dt>
            <dd>
              <When iso={experiment.createdAt} />
            </dd>
          </div>
          <div>
            <dt>SHA-256 of the definition</dt>
            <dd>
              <span className="mono" title={experiment.sha256}>
                {experiment.sha256.slice(0, 12)}
              </span>{' '}
              <CopyText text={experiment.sha256} what="SHA-256" />
            </dd>
          </div>
        </dl>
      </section>
      <RunsOf experiment={experiment} />
      <Definition id={experiment.id} />
    </Stack>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function RunAgain({ experiment }: { experiment: Experiment }) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { seed, error } = parseSeed(text);
  const start = useMutation({
    mutationFn: () => startRun(experiment.id, seed),
    onSuccess: (run) => {
      void queries.invalidateQueries({ queryKey: ['runs'] });
      void navigate(`/runs/${encodeURIComponent(run.id)}`);
    },
  });
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (error === null) start.mutate();
        }}
      >
        <Group gap="xs" align="flex-start">
          <TextInput
            size="xs"
            w="11rem"
            inputMode="numeric"
            aria-label="Seed of the next run"
            placeholder="seed (empty: the file’s)"
            value={text}
            error={error}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" loading={start.isPending} disabled={error !== null}>
            Run again
          </Button>
        </Group>
      </form>
      {start.isError && <ErrorNote what="The run could not be queued" error={start.error} />}
    </>
  );
}

function RunsOf({ experiment }: { experiment: Experiment }) {
  const [page, setPage] = useState(0);
  const runs = useQuery({
    queryKey: ['runs', { experimentId: experiment.id, page }],
    queryFn: ({ signal }) => listRuns({ experimentId: experiment.id, page, size: RUNS_SIZE }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => listInterval(query.state.data?.items),
  });
  const live = useLiveRuns(runs.data?.items ?? []);
  const groups = groupDigests(live);
  const differing = seedsThatDiffer(live);
  const finished = live.filter((run) => groups.has(run.digest ?? '')).length;
  return (
    <section aria-labelledby="runs-heading">
      <Group justify="space-between" mb={6} gap="xs">
        <Title order={2} id="runs-heading">
          Runs
        </Title>
        <RunAgain experiment={experiment} />
      </Group>
      {differing.length > 0 && (
        <Alert color="red" mb="sm" title="Runs with the same seed have different digests">
          {differing.length === 1 ? 'Seed' : 'Seeds'} {differing.join(', ')}: the same definition and seed must give the same bytes. Another
          version of Gnomon or of the programs may be the reason; each run’s manifest.json names its files.
        </Alert>
      )}
      <ReadingFailed what="The runs could not be read" query={runs} />
      {runs.isPending && <Loading what="runs" />}
      {runs.data !== undefined && (
        <div className="panel-flush">
          {live.length === 0 ? (
            <Text p="md" c="dimmed">
              Not run yet.
            </Text>
          ) : (
            <RunsComparison runs={live} groups={groups} />
          )}
          <Pager page={page} size={RUNS_SIZE} total={runs.data.total} what="runs" onPage={setPage} />
        </div>
      )}
      {finished > 1 && (
        <Text size="sm" c="dimmed" mt={6}>
          {groups.size === 1
            ? `All ${finished} finished runs shown have the same digest: the same bytes.`
            : `The same letter means the same digest: the same bytes in every deterministic file.`}
        </Text>
      )}
    </section>
  );
}

function Definition({ id }: { id: string }) {
  const definition = useQuery({
    queryKey: ['definition', id],
    queryFn: ({ signal }) => readDefinition(id, signal),
    staleTime: Infinity,
  });
  return (
    <section aria-labelledby="definition-heading">
      <Group justify="space-between" mb={6}>
        <Title order={2} id="definition-heading">
          Definition
        </Title>
        <Group gap="xs">
          {definition.data !== undefined && <CopyText text={definition.data} what="definition" />}
          <Button size="compact-xs" variant="default" component={Link} to={`/submit?from=${encodeURIComponent(id)}`}>
            Edit a copy
          </Button>
        </Group>
      </Group>
      {definition.isPending && <Loading what="definition" />}
      <ReadingFailed what="The definition could not be read" query={definition} />
      {definition.data !== undefined && <DefinitionText text={definition.data} />}
    </section>
  );
}
