import { describe, expect, it } from 'vitest';
import { groupDigests, seedsThatDiffer } from './digests';
import { sampleRun } from './sampleRun';

const run = (id: string, seed: number | string, digest: string | null) => sampleRun({ id, seed: String(seed), digest, state: 'succeeded' });

describe('groupDigests', () => {
  it('gives equal digests the same letter, oldest first', () => {
    const groups = groupDigests([run('4', 2, 'bb'), run('3', 1, 'aa'), run('2', 1, null), run('1', 1, 'aa')]);
    expect([...groups.values()]).toEqual([
      { digest: 'aa', label: 'A', runs: 2 },
      { digest: 'bb', label: 'B', runs: 1 },
    ]);
  });

  it('goes on after Z', () => {
    const runs = Array.from({ length: 28 }, (_, index) => run(String(index), index, `d${index}`)).reverse();
    expect([...groupDigests(runs).values()].map((group) => group.label).slice(25)).toEqual(['Z', 'A1', 'B1']);
  });
});

describe('seedsThatDiffer', () => {
  it('is empty where every seed has one digest', () => {
    expect(seedsThatDiffer([run('1', 1, 'aa'), run('2', 1, 'aa'), run('3', 2, 'bb'), run('4', 2, null), run('5', 2, '')])).toEqual([]);
  });

  it('names each seed with two', () => {
    expect(seedsThatDiffer([run('1', 9, 'aa'), run('2', 9, 'ab'), run('3', 2, 'bb'), run('4', 2, 'cc')])).toEqual(['2', '9']);
  });
});
