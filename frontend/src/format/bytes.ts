const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** "0 B", "1023 B", "1.5 KiB", "16 MiB". */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes) || bytes < 0) return '–';
  if (bytes < 1024) return `${Math.floor(bytes)} B`;
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const scale = value >= 100 ? 1 : 10;
  return `${Math.floor(value * scale) / scale} ${UNITS[unit] ?? ''}`;
}
