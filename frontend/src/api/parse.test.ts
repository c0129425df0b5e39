import { expect, it } from 'vitest';
import { parseJson } from './parse';

it('keeps every digit of a seed', () => {
  expect(parseJson('{"seed":9223372036854775807,"hosts":2}')).toEqual({ seed: '9223372036854775807', hosts: 2 });
  expect(parseJson('[{"seed" : 1},{"seed":-3}]')).toEqual([{ seed: '1' }, { seed: '-3' }]);
});

it('leaves text that looks like one alone', () => {
  const value = { failure: 'was "seed":12', name: '"seed": 3' };
  expect(parseJson(JSON.stringify(value))).toEqual(value);
});
