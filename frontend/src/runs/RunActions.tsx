import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { startRun } from '../api/experiments';
import { hasEnded, type Run } from '../api/run';
import { archiveAddress, cancelRun } from '../api/runs';
import { Dialog } from '../shared/Dialog';
import { ErrorNote } from '../shared/ErrorNote';

/** Cancel while it goes; download and run again afterwards. */
export function RunActions({ run }: { run: Run }) {
  const ended = hasEnded(run.state);
  const hasFiles = ended && run.startedAt !== null;
  return (
    <Group gap="xs">
      {hasFiles && (
        <Button component="a" href={archiveAddress(run.id)} download={`${run.experimentName}-${run.id}.zip`} variant="default" size="xs">
          Download archive.zip
        </Button>
      )}
      <Resubmit run={run} />
      {!ended && <Cancel run={run} />}
    </Group>
  );
}

function Resubmit({ run }: { run: Run }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const start = useMutation({
    mutationFn: () => startRun(run.experimentId, run.seed),
    onSuccess: (next) => {
      void queries.invalidateQueries({ queryKey: ['runs'] });
      void navigate(`/runs/${encodeURIComponent(next.id)}`);
    },
  });
  return (
    <>
      <Button size="xs" variant="default" loading={start.isPending} onClick={() => start.mutate()} title={`The same definition and seed ${run.seed}`}>
        Run again
      </Button>
      {start.isError && (
        <Dialog title="Run again" onClose={start.reset}>
          <ErrorNote what="The run could not be queued" error={start.error} />
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={start.reset}>
              Close
            </Button>
          </Group>
        </Dialog>
      )}
    </>
  );
}

function Cancel({ run }: { run: Run }) {
  const [isAsking, setAsking] = useState(false);
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelRun(run.id),
    onSuccess: (changed) => {
      queries.setQueryData(['run', run.id], changed);
      void queries.invalidateQueries({ queryKey: ['runs'] });
      setAsking(false);
    },
  });
  const close = () => {
    setAsking(false);
    cancel.reset();
  };
  return (
    <>
      <Button size="xs" variant="outline" color="red" onClick={() => setAsking(true)}>
        Cancel
      </Button>
      {isAsking && (
        <Dialog title="Cancel this run?" onClose={close}>
          <Text mb="md">
            {run.state === 'queued'
              ? 'It leaves the queue and is not run.'
              : 'Its programs are ended. It cannot be continued; it can be run again from the start.'}
          </Text>
          {cancel.isError && <ErrorNote what="The run could not be cancelled" error={cancel.error} />}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={close} autoFocus>
              Keep it
            </Button>
            <Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              Cancel the run
            </Button>
          </Group>
        </Dialog>
      )}
    </>
  );
}
