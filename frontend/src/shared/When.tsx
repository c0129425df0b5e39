import { useEffect, useState } from 'react';
import { formatAgo, formatMoment } from '../format/when';

const TICK_MILLIS = 15_000;

/** A moment as seen from now; the title has the date. */
export function When({ iso }: { iso: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MILLIS);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={iso} title={formatMoment(iso)} className="nowrap">
      {formatAgo(iso, now)}
    </time>
  );
}
