import { Alert, Button, Stack, Text } from '@mantine/core';
import { ApiError } from '../api/problem';

interface Props {
  error: unknown;
  /** What was tried: "The run could not be cancelled". */
  what: string;
  onRetry?: (() => void) | undefined;
}

/** A failure, in the service's own words where it gave some. */
export function ErrorNote({ error, what, onRetry }: Props) {
  const title = error instanceof ApiError ? (error.problem.title ?? '') : '';
  const detail = error instanceof Error ? error.message : String(error);
  const problems = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  return (
    <Alert color="red" title={what} role="alert">
      <Stack gap="xs" align="flex-start">
        {title !== '' && title !== detail && <Text fw={550}>{title}</Text>}
        <Text className="wrap-anywhere">{detail}</Text>
        {problems.length > 0 && (
          <ul>
            {problems.slice(0, 20).map((problem, index) => (
              <li key={index}>
                {problem.line > 0 && `line ${problem.line}, column ${problem.column}: `}
                {problem.message}
              </li>
            ))}
          </ul>
        )}
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
