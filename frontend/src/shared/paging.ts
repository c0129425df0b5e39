/** How many pages a list has; an empty list has one. */
export const pageCount = (total: number, size: number): number => Math.max(1, Math.ceil(total / size));

/** A page number from the address ("?page=2", counted from 1 there) as an index from 0; nonsense is the first page. */
export function pageIndex(text: string | null): number {
  if (text === null || !/^\d{1,9}$/.test(text)) return 0;
  return Math.max(0, Number(text) - 1);
}

/** "21–40 of 57". */
export function rangeText(page: number, size: number, total: number): string {
  if (total === 0) return '0 of 0';
  const first = page * size + 1;
  const last = Math.min(total, first + size - 1);
  return first > total ? `none of ${total.toLocaleString('en')}` : `${first.toLocaleString('en')}–${last.toLocaleString('en')} of ${total.toLocaleString('en')}`;
}

/** The part of a list that is on a page; a page beyond the end is the last one. */
export function pageOf<T>(items: readonly T[], page: number, size: number): { items: T[]; page: number } {
  const shown = Math.min(page, pageCount(items.length, size) - 1);
  return { items: items.slice(shown * size, (shown + 1) * size), page: shown };
}
