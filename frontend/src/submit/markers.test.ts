import { describe, expect, it } from 'vitest';
import type { DefinitionProblem } from '../api/problem';
import { endOfWord, inOrder, markersByLine, offsetOf, placeOf, unitColumn } from './markers';

const lines = ['general:', '  stop_time: soon', 'hosts:', '  "a b": {}', ''];
const problem = (line: number, column: number, message: string): DefinitionProblem => ({ pointer: '', line, column, message });

describe('markersByLine', () => {
  it('puts each error at its line and word', () => {
    const marker = markersByLine(lines, [problem(2, 14, 'not a time')], []).get(2);
    expect(marker).toEqual({
      kind: 'error',
      line: 2,
      messages: ['not a time'],
      spans: [{ kind: 'error', column: 14, endColumn: 18 }],
    });
  });

  it('marks all of a value that stands there', () => {
    const text = ['  start_time: 1 fortnight # soon'];
    const spans = (value: string) => markersByLine(text, [{ ...problem(1, 15, 'unknown unit'), value }], []).get(1)?.spans;
    expect(spans('1 fortnight')).toEqual([{ kind: 'error', column: 15, endColumn: 26 }]);
    expect(spans('another')).toEqual([{ kind: 'error', column: 15, endColumn: 16 }]);
    expect(spans('')).toEqual([{ kind: 'error', column: 15, endColumn: 16 }]);
  });

  it('gathers several at one line, and an error outweighs a notice', () => {
    const marker = markersByLine(lines, [problem(2, 3, 'unknown key')], [problem(2, 14, 'ignored')]).get(2);
    expect(marker?.kind).toBe('error');
    expect(marker?.messages).toEqual(['unknown key', 'ignored']);
    expect(marker?.spans.map((span) => span.kind)).toEqual(['error', 'notice']);
  });

  it('shows a problem without a place at the first line, one beyond the end at the last', () => {
    const markers = markersByLine(lines, [problem(0, 0, 'truncated'), problem(99, 4, 'gone')], []);
    expect(markers.get(1)?.messages).toEqual(['truncated']);
    expect(markers.get(1)?.spans).toEqual([]);
    expect(markers.get(5)?.spans).toEqual([{ kind: 'error', column: 1, endColumn: 2 }]);
  });

  it('keeps ten mistakes ten', () => {
    const errors = Array.from({ length: 10 }, (_, index) => problem(index % 5, 1, `mistake ${index}`));
    const messages = [...markersByLine(lines, errors, []).values()].flatMap((marker) => marker.messages);
    expect(messages.toSorted()).toEqual(errors.map((error) => error.message).toSorted());
  });
});

describe('endOfWord', () => {
  it('takes a word, a quoted text, or one column', () => {
    expect(endOfWord('  stop_time: soon', 3)).toBe(12);
    expect(endOfWord('  "a b": {}', 3)).toBe(8);
    expect(endOfWord('  "a b', 3)).toBe(7);
    expect(endOfWord('a: ', 3)).toBe(4);
    expect(endOfWord('', 1)).toBe(2);
  });
});

describe('offsetOf', () => {
  it('counts lines and columns from one and stays inside', () => {
    const text = lines.join('\n');
    expect(text.slice(offsetOf(lines, 2, 14)).startsWith('soon')).toBe(true);
    expect(offsetOf(lines, 1, 1)).toBe(0);
    expect(offsetOf(lines, 0, 0)).toBe(0);
    expect(offsetOf(lines, 1, 999)).toBe('general:'.length);
    expect(offsetOf(lines, 99, 1)).toBe(text.length);
  });
});

it('counts columns in characters', () => {
  expect(unitColumn('ab', 2)).toBe(2);
  expect(unitColumn('\u{1F980}: x', 4)).toBe(5);
  expect(unitColumn('ab', 99)).toBe(3);
  expect('\u{1F980}: x'.slice(offsetOf(['\u{1F980}: x'], 1, 4))).toBe('x');
});

it('says a pointer as a path', () => {
  expect(placeOf('/hosts/a.b/processes/0/path')).toBe('hosts.a.b.processes[0].path');
  expect(placeOf('/x~1y~0z')).toBe('x/y~z');
  expect(placeOf('')).toBe('');
});

it('orders by place', () => {
  expect(inOrder([problem(3, 1, 'c'), problem(1, 9, 'b'), problem(1, 2, 'a')]).map((entry) => entry.message)).toEqual(['a', 'b', 'c']);
});
