const NANOS_PER_MICRO = 1e3;
const NANOS_PER_MILLI = 1e6;
const NANOS_PER_SECOND = 1e9;

const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;
const SECONDS_PER_DAY = 86400;

/** Three significant digits, without trailing zeros: 1.25, 12.5, 125. */
function short(value: number): string {
  if (value >= 100) return String(Math.floor(value));
  const digits = value >= 10 ? 1 : 2;
  const scale = 10 ** digits;
  // Cut, not rounded: 59.99 s must not read 60 s, nor a run at 9.999 s of 10 s look finished.
  return String(Math.floor(value * scale + 1e-9) / scale);
}

const padded = (value: number) => String(value).padStart(2, '0');

/** A duration for a reader: "350 ms", "1.25 s", "12 min 03 s", "2 h 05 min", "3 d 04 h". */
export function formatDuration(nanos: number): string {
  if (!Number.isFinite(nanos) || nanos < 0) return '–';
  if (nanos === 0) return '0 s';
  if (nanos < NANOS_PER_MICRO) return `${Math.floor(nanos)} ns`;
  if (nanos < NANOS_PER_MILLI) return `${short(nanos / NANOS_PER_MICRO)} µs`;
  if (nanos < NANOS_PER_SECOND) return `${short(nanos / NANOS_PER_MILLI)} ms`;
  const seconds = nanos / NANOS_PER_SECOND;
  if (seconds < SECONDS_PER_MINUTE) return `${short(seconds)} s`;
  const whole = Math.floor(seconds);
  if (whole < SECONDS_PER_HOUR) return `${Math.floor(whole / SECONDS_PER_MINUTE)} min ${padded(whole % SECONDS_PER_MINUTE)} s`;
  if (whole < SECONDS_PER_DAY) {
    return `${Math.floor(whole / SECONDS_PER_HOUR)} h ${padded(Math.floor((whole % SECONDS_PER_HOUR) / SECONDS_PER_MINUTE))} min`;
  }
  return `${Math.floor(whole / SECONDS_PER_DAY)} d ${padded(Math.floor((whole % SECONDS_PER_DAY) / SECONDS_PER_HOUR))} h`;
}

/** A point of virtual time, exact to the microsecond, for tables: "1.002345 s". */
export function formatInstant(nanos: number): string {
  if (!Number.isFinite(nanos) || nanos < 0) return '–';
  return `${(nanos / NANOS_PER_SECOND).toFixed(6).replace(/\.?0+$/, '')} s`;
}

/** A duration as an axis says it, short: "40 s", "1.5 min", "2 h". */
export function formatTick(nanos: number): string {
  const seconds = nanos / NANOS_PER_SECOND;
  if (seconds < SECONDS_PER_MINUTE) return formatDuration(nanos);
  const [unit, name] =
    seconds < SECONDS_PER_HOUR ? [SECONDS_PER_MINUTE, 'min'] : seconds < SECONDS_PER_DAY ? [SECONDS_PER_HOUR, 'h'] : [SECONDS_PER_DAY, 'd'];
  return `${Number((seconds / unit).toFixed(2))} ${name}`;
}

/** How much of the whole is done, from 0 to 1; 0 where the whole is unknown. */
export function fractionOf(part: number, whole: number): number {
  if (!(whole > 0) || !(part > 0)) return 0;
  return Math.min(1, part / whole);
}
