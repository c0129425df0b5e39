import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import { hasEnded, type Run } from '../api/run';
import { showRun } from '../api/runs';
import { CopyText } from '../shared/CopyText';
import { ErrorNote } from '../shared/ErrorNote';
import { Loading } from '../shared/Loading';
import { PageTitle } from '../shared/PageTitle';
import { When } from '../shared/When';
import { FilesPanel } from './FilesPanel';
import { ProcessesPanel } from './ProcessesPanel';
import { ProgressPanel } from './ProgressPanel';
import { RunActions } from './RunActions';
import { laterRun, type Connection } from './runEvents';
import { StateBadge } from './StateBadge';
import { announcementOf } from './status';
import { useRunFeed } from './useRunFeed';
import { WarningsPanel } from './WarningsPanel';

/**
 * Without a stream (too many are open, or a proxy in between takes none), the run is asked for instead; so is its place in the queue,
 * which changes with other runs and is no event of this one.
 */
const ASKING_MILLIS = 4000;

export function RunPage() {
  const { id = '' } = useParams();
  const query = useQuery({
    queryKey: ['run', id],
    queryFn: ({ signal }) => showRun(id, signal),
  });
  if (query.data !== undefined) return <FollowedRun stored={query.data} />;
  if (query.isError) {
    return (
      <Stack>
        <PageTitle text="Run" />
        <ErrorNote what="The run could not be read" error={query.error} onRetry={() => void query.refetch()} />
        <Anchor component={Link} to="/">
          To all runs
        </Anchor>
      </Stack>
    );
  }
  return <Loading what="run" />;
}

function FollowedRun({ stored }: { stored: Run }) {
  const feed = useRunFeed(stored.id, true, true);
  const queries = useQueryClient();
  useQuery({
    queryKey: ['run', stored.id],
    queryFn: ({ signal }) => showRun(stored.id, signal),
    enabled: feed.connection === 'lost' || feed.run?.state === 'queued',
    refetchInterval: ASKING_MILLIS,
  });
  const latest = feed.run === null ? stored : laterRun(stored, feed.run);
  const run = latest.state === 'queued' ? { ...latest, queuePosition: stored.queuePosition ?? latest.queuePosition } : latest;
  const ended = hasEnded(run.state);

  useEffect(() => {
    // What only exists at the end is read again once it is there.
    if (!ended) return;
    for (const name of ['processes', 'warnings', 'files', 'run']) void queries.invalidateQueries({ queryKey: [name, stored.id] });
    for (const name of ['runs', 'status']) void queries.invalidateQueries({ queryKey: [name] });
  }, [ended, stored.id, queries]);

  return (
    <Stack gap="lg">
      <Stack gap={4}>
        <Text size="sm">
          <Anchor component={Link} to={`/experiments/${encodeURIComponent(run.experimentId)}`}>
            {run.experimentName}
          </Anchor>
        </Text>
        <Group justify="space-between" gap="sm">
          <Group gap="md">
            <PageTitle text={`Run of ${run.experimentName}, seed ${run.seed}`} />
            <Text component="span" size="lg">
              <StateBadge state={run.state} />
            </Text>
          </Group>
          <RunActions run={run} />
        </Group>
        <Text size="sm" c="dimmed">
          submitted <When iso={run.createdAt} />
          {run.attempts > 1 && ` · attempt ${run.attempts}, after an interruption`}
          {' · '}
          <span className="mono">{run.id}</span>
        </Text>
      </Stack>
      <div className="visually-hidden" aria-live="polite">
        {announcementOf(run)}
      </div>
      <ConnectionNote connection={feed.connection} />
      {run.failure !== null && run.failure !== '' && (
        <Alert color={run.state === 'failed' ? 'red' : 'yellow'} title={run.state === 'failed' ? 'Why it failed' : 'What happened'}>
          <Text className="wrap-anywhere" style={{ whiteSpace: 'pre-wrap' }}>
            {run.failure}
          </Text>
        </Alert>
      )}
      <ProgressPanel run={run} samples={feed.samples} />
      {run.digest !== null && run.digest !== '' && (
        <section className="panel" aria-label="Digest">
          <Group gap="sm" wrap="nowrap" align="flex-start" justify="space-between">
            <div>
              <Text size="xs" c="dimmed">
                Digest over every deterministic file: the same definition, seed and programs give the same
              </Text>
              <Text className="mono wrap-anywhere" data-digest>
                {run.digest}
              </Text>
            </div>
            <CopyText text={run.digest} what="digest" />
          </Group>
        </section>
      )}
      <WarningsPanel runId={run.id} isEnded={ended} />
      <ProcessesPanel run={run} />
      <FilesPanel run={run} />
    </Stack>
  );
}

function ConnectionNote({ connection }: { connection: Connection }) {
  // The region is always there: a reader announces changes in it, not its coming.
  return (
    <div role="status" style={connection === 'lost' ? undefined : { display: 'contents' }}>
      {connection === 'lost' && (
        <Alert color="yellow" py="xs">
          Connection to the service lost; what is shown may be old. Connecting again …
        </Alert>
      )}
    </div>
  );
}
