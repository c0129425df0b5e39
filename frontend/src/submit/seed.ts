/** A seed as typed: empty means the definition's own. */
export type SeedInput = { seed: number | null; error: null } | { seed: null; error: string };

export function parseSeed(text: string): SeedInput {
  const trimmed = text.trim();
  if (trimmed === '') return { seed: null, error: null };
  if (!/^\d+$/.test(trimmed)) return { seed: null, error: 'A seed is a whole number, 0 or more.' };
  const seed = Number(trimmed);
  if (!Number.isSafeInteger(seed)) return { seed: null, error: `A seed is at most ${Number.MAX_SAFE_INTEGER}.` };
  return { seed, error: null };
}
