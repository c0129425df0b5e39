import { describe, expect, it } from 'vitest';
import { highlightLine } from './highlight';

const marked = (line: string) =>
  highlightLine(line)
    .filter((token) => token.kind !== 'plain')
    .map((token) => `${token.kind}:${token.text}`);

describe('highlightLine', () => {
  it.each([
    ['general:', ['key:general']],
    ['  stop_time: 10 s # virtual', ['key:stop_time', 'number:10', 'comment:# virtual']],
    ['- path: curl', ['key:path']],
    ['args: ["-m", 8080]', ['key:args', 'string:"-m"', 'number:8080']],
    ["text: Python's server isn't", ['key:text']],
    ['# all of it', ['comment:# all of it']],
    ['x-common: &common', ['key:x-common', 'anchor:&common']],
    ['  <<: *common', ['key:<<', 'anchor:*common']],
    ['args: -s http://server:80/#top', ['key:args']],
    ['      edge [ source 0 latency "10 ms" ]', ['number:0', 'string:"10 ms"']],
    ['{"general": {"seed": 1}}', ['string:"general"', 'string:"seed"', 'number:1']],
  ])('%s', (line, expected) => expect(marked(line)).toEqual(expected));

  it('never changes the text', () => {
    const lines = ['', '   ', "a: 'b", 'key: "x\\"y" # z', '- - -', ':::', 'é: ü', '\t- a: &b', `${'x'.repeat(5000)}: 1`];
    for (const line of lines) {
      expect(
        highlightLine(line)
          .map((token) => token.text)
          .join(''),
      ).toBe(line);
    }
  });
});
