import type { ReactNode } from 'react';
import { hasEnded, type Run } from '../api/run';
import { formatCount } from '../format/count';
import { formatDuration, fractionOf } from '../format/duration';
import { formatRatio } from '../format/ratio';
import { ProgressChart } from './ProgressChart';
import type { ProgressSample } from './runEvents';
import { percentOf } from './status';

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Fewer points draw a line that says nothing. */
const LEAST_SAMPLES = 4;

const number = (value: number) => value.toLocaleString('en');

export function ProgressPanel({ run, samples }: { run: Run; samples: readonly ProgressSample[] }) {
  const percent = percentOf(run);
  return (
    <section className="panel" aria-label="Progress">
      {run.state === 'queued' ? (
        <p style={{ marginTop: 0 }}>
          Waiting{run.queuePosition === null ? '' : ` at place ${run.queuePosition} of the queue`}. It starts by itself.
        </p>
      ) : (
        !hasEnded(run.state) && (
          <div
            className="meter"
            role="progressbar"
            aria-label="Virtual time done"
            aria-valuenow={percent}
            aria-valuemin={0}
            aria-valuemax={100}
            style={{ marginBottom: '0.9rem' }}
          >
            <div style={{ width: `${fractionOf(run.virtualNanos, run.stopNanos) * 100}%` }} />
          </div>
        )
      )}
      <dl className="figures">
        <Figure name="Virtual time">
          {formatDuration(run.virtualNanos)} <small>of {formatDuration(run.stopNanos)}</small>
        </Figure>
        <Figure name="Wall time">{formatDuration(run.wallNanos)}</Figure>
        <Figure name="Ratio (virtual / wall)">{formatRatio(run.ratio)}</Figure>
        <Figure name="Hosts">{number(run.hosts)}</Figure>
        <Figure name="Processes">
          {number(run.processesEnded)} <small>ended</small> {run.processesRunning > 0 && `· ${number(run.processesRunning)} `}
          {run.processesRunning > 0 && <small>running</small>}
        </Figure>
        <Figure name="Not as expected">
          {run.processesFailed > 0 ? (
            <span className="tone-bad">{formatCount(run.processesFailed, 'process', 'processes')}</span>
          ) : (
            <span>none</span>
          )}
        </Figure>
      </dl>
      {samples.length >= LEAST_SAMPLES && <ProgressChart samples={samples} />}
    </section>
  );
}
