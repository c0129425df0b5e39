import type { Run } from '../api/run';

/** Runs whose digests are equal, named by a letter in the order of first appearance: A, B, … */
export interface DigestGroup {
  digest: string;
  label: string;
  runs: number;
}

const LETTERS = 26;

function labelOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % LETTERS));
  return index < LETTERS ? letter : `${letter}${Math.floor(index / LETTERS)}`;
}

/** Groups by digest. Runs come newest first; labels count from the oldest, so that a new run does not rename the others. */
export function groupDigests(runs: readonly Run[]): Map<string, DigestGroup> {
  const groups = new Map<string, DigestGroup>();
  for (const run of runs.toReversed()) {
    if (run.digest === null || run.digest === '') continue;
    const group = groups.get(run.digest);
    if (group === undefined) groups.set(run.digest, { digest: run.digest, label: labelOf(groups.size), runs: 1 });
    else group.runs++;
  }
  return groups;
}

/** Seeds whose finished runs have different digests: the results cannot be trusted. */
export function seedsThatDiffer(runs: readonly Run[]): string[] {
  const digests = new Map<string, string>();
  const differing = new Set<string>();
  for (const run of runs) {
    if (run.digest === null || run.digest === '') continue;
    const known = digests.get(run.seed);
    if (known === undefined) digests.set(run.seed, run.digest);
    else if (known !== run.digest) differing.add(run.seed);
  }
  return [...differing].sort((left, right) => (BigInt(left) < BigInt(right) ? -1 : 1));
}
