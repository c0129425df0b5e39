import { ApiError } from '../api/problem';
import { ErrorNote } from './ErrorNote';

interface Props {
  what: string;
  /** A query, as react-query gives it. */
  query: { error: unknown; data: unknown; refetch: () => unknown };
}

/**
 * Why something could not be read. Where an older answer is still shown and the service is only silent, one line: the frame says it
 * too, and the query asks again by itself.
 */
export function ReadingFailed({ what, query: { error, data, refetch } }: Props) {
  if (error === null || error === undefined) return null;
  if (data !== undefined && error instanceof ApiError && error.status === 0) {
    return (
      <p className="tone-warn stale" role="status">
        The service does not answer; what is shown may be old.
      </p>
    );
  }
  return <ErrorNote what={what} error={error} onRetry={() => void refetch()} />;
}
