/** Virtual over wall time: "0.42×", "3.1×", "128×", "1,200×"; a dash before there is one. */
export function formatRatio(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio) || ratio <= 0) return '–';
  if (ratio < 0.01) return '<0.01×';
  if (ratio < 10) return `${ratio.toFixed(ratio < 1 ? 2 : 1)}×`;
  return `${Math.round(ratio).toLocaleString('en')}×`;
}
