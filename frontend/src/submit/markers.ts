import type { DefinitionProblem } from '../api/problem';

export type MarkerKind = 'error' | 'notice';

/** What the editor shows at one line; columns count from 1, `endColumn` is the first one behind. */
export interface LineMarker {
  kind: MarkerKind;
  line: number;
  messages: string[];
  spans: { kind: MarkerKind; column: number; endColumn: number }[];
}

const isWordEnd = (character: string | undefined) => character === undefined || /[\s,:[\]{}#]/.test(character);

/** A column counted in characters as one counted in UTF-16 units, which is what texts here are made of. */
export function unitColumn(lineText: string, column: number): number {
  let unit = 0;
  for (let character = 1; character < column && unit < lineText.length; character++) {
    unit += (lineText.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  }
  return unit + 1;
}

/** "/hosts/server/processes/0/path" as a reader would say it: "hosts.server.processes[0].path". */
export function placeOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((place, part) => (/^\d+$/.test(part) ? `${place}[${part}]` : place === '' ? part : `${place}.${part}`), '');
}

/** Where the word (or quoted text) that starts at the column ends; at least one column, so that there is something to see. */
export function endOfWord(lineText: string, column: number): number {
  const from = column - 1;
  const first = lineText[from];
  if (first === '"' || first === "'") {
    const close = lineText.indexOf(first, from + 1);
    return close === -1 ? lineText.length + 1 : close + 2;
  }
  let index = from;
  while (!isWordEnd(lineText[index])) index++;
  return Math.max(index, from + 1) + 1;
}

/** A problem's line in this text: places outside it (line 0, or a text that meanwhile got shorter) go to the nearest line. */
export function lineOf(problem: DefinitionProblem, lineCount: number): number {
  return Math.min(Math.max(1, Math.floor(problem.line)), Math.max(1, lineCount));
}

/** Gathers problems by line; a line with an error and a notice is an error. */
export function markersByLine(
  lines: readonly string[],
  errors: readonly DefinitionProblem[],
  notices: readonly DefinitionProblem[],
): Map<number, LineMarker> {
  const markers = new Map<number, LineMarker>();
  const add = (kind: MarkerKind, problem: DefinitionProblem) => {
    const line = lineOf(problem, lines.length);
    let marker = markers.get(line);
    if (marker === undefined) {
      marker = { kind, line, messages: [], spans: [] };
      markers.set(line, marker);
    }
    marker.messages.push(problem.message);
    if (problem.line >= 1 && problem.column >= 1) {
      const text = lines[line - 1] ?? '';
      const column = unitColumn(text, problem.column);
      const isThere = problem.value !== undefined && problem.value !== '' && text.startsWith(problem.value, column - 1);
      marker.spans.push({ kind, column, endColumn: isThere ? column + (problem.value?.length ?? 0) : endOfWord(text, column) });
    }
  };
  for (const error of errors) add('error', error);
  for (const notice of notices) add('notice', notice);
  return markers;
}

/** Offset in the text of a line and column (both from 1, the column in characters), for the caret; columns beyond the line stop at its end. */
export function offsetOf(lines: readonly string[], line: number, column: number): number {
  let offset = 0;
  const wanted = Math.min(Math.max(1, line), Math.max(1, lines.length));
  for (let index = 0; index < wanted - 1; index++) offset += (lines[index]?.length ?? 0) + 1;
  return offset + unitColumn(lines[wanted - 1] ?? '', Math.max(1, column)) - 1;
}

/** Problems in the order of their place. */
export function inOrder(problems: readonly DefinitionProblem[]): DefinitionProblem[] {
  return problems.toSorted((left, right) => left.line - right.line || left.column - right.column);
}
