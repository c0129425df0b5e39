const STEPS: readonly [limitSeconds: number, unitSeconds: number, name: string][] = [
  [60, 1, 's'],
  [3600, 60, 'min'],
  [86400, 3600, 'h'],
  [30 * 86400, 86400, 'd'],
];

/** "just now", "5 min ago", "3 d ago"; the date itself after a month. Clocks of page and service may differ a little. */
export function formatAgo(iso: string, now: number): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) return '–';
  const seconds = Math.floor((now - then) / 1000);
  if (seconds < 5) return 'just now';
  for (const [limit, unit, name] of STEPS) {
    if (seconds < limit) return `${Math.floor(seconds / unit)} ${name} ago`;
  }
  return iso.slice(0, 10);
}

/** Local date and time with the zone, for titles. */
export function formatMoment(iso: string): string {
  const then = new Date(iso);
  return Number.isNaN(then.getTime()) ? iso : then.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
}
