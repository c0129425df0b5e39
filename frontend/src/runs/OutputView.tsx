import { Anchor, Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ApiError } from '../api/problem';
import { fileAddress } from '../api/runs';
import { formatBytes } from '../format/bytes';
import { ErrorNote } from '../shared/ErrorNote';
import { Loading } from '../shared/Loading';
import { joinPieces, PIECE_BYTES, rangeBefore, tailRange, textOf, type Piece } from './output';
import { readOutput } from './readOutput';

/** Most that is read at once, also from a service that does not know ranges. */
const LIMIT_BYTES = 4 * 1024 * 1024;

/** A file's end, and more of it on demand: a log of gigabytes costs no more than its last lines. */
export function OutputView({ runId, path, isFinal }: { runId: string; path: string; isFinal: boolean }) {
  const tail = useQuery({
    queryKey: ['output', runId, path, isFinal],
    queryFn: ({ signal }) => readOutput(runId, path, tailRange(PIECE_BYTES), LIMIT_BYTES, signal),
    staleTime: isFinal ? Infinity : 0,
    retry: false,
  });
  if (tail.isPending) return <Loading what="output" />;
  if (tail.isError) {
    if (!isFinal && tail.error instanceof ApiError && tail.error.status === 404) {
      return (
        <Text p="sm" c="dimmed">
          Outputs can be read when the run has ended.
        </Text>
      );
    }
    return <ErrorNote what={`${path} could not be read`} error={tail.error} onRetry={() => void tail.refetch()} />;
  }
  return <OutputText key={tail.dataUpdatedAt} runId={runId} path={path} tail={tail.data} onReload={isFinal ? null : () => void tail.refetch()} />;
}

interface TextProps {
  runId: string;
  path: string;
  tail: Piece;
  onReload: (() => void) | null;
}

function OutputText({ runId, path, tail, onReload }: TextProps) {
  const [piece, setPiece] = useState(tail);
  const box = useRef<HTMLPreElement>(null);
  const text = useMemo(() => textOf(piece), [piece]);
  const earlier = useMutation({
    mutationFn: () => readOutput(runId, path, rangeBefore(piece.start, PIECE_BYTES * 4), LIMIT_BYTES),
    onSuccess: (read) => setPiece(joinPieces(read, piece)),
  });

  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, []);

  return (
    <div data-output={path}>
      <Group gap="sm" px="sm" py={6}>
        <Text size="xs" className="mono wrap-anywhere">
          {path}
        </Text>
        <Text size="xs" c="dimmed">
          {piece.start === 0 ? formatBytes(piece.total) : `last ${formatBytes(piece.total - piece.start)} of ${formatBytes(piece.total)}`}
        </Text>
        {piece.start > 0 && (
          <Button size="compact-xs" variant="default" loading={earlier.isPending} onClick={() => earlier.mutate()}>
            Load earlier
          </Button>
        )}
        {onReload !== null && (
          <Button size="compact-xs" variant="default" onClick={onReload}>
            Read again
          </Button>
        )}
        <Anchor size="xs" href={fileAddress(runId, path)} download>
          Download
        </Anchor>
      </Group>
      {earlier.isError && <ErrorNote what="Earlier output could not be read" error={earlier.error} />}
      {text === '' ? (
        <Text px="sm" pb="sm" size="sm" c="dimmed">
          Empty.
        </Text>
      ) : (
        <pre ref={box} className="output" tabIndex={0} role="region" aria-label={path}>
          {text}
        </pre>
      )}
    </div>
  );
}
