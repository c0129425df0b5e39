/** A seed as typed, its digits; null, where nothing was typed, means the definition's own. */
export type SeedInput = { seed: string | null; error: null } | { seed: null; error: string };

const GREATEST = 2n ** 63n - 1n;

export function parseSeed(text: string): SeedInput {
  const trimmed = text.trim();
  if (trimmed === '') return { seed: null, error: null };
  if (!/^\d+$/.test(trimmed)) return { seed: null, error: 'A seed is a whole number, 0 or more.' };
  const seed = BigInt(trimmed);
  if (seed > GREATEST) return { seed: null, error: `A seed is at most ${GREATEST}.` };
  return { seed: seed.toString(), error: null };
}
