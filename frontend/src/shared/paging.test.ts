import { expect, it } from 'vitest';
import { pageCount, pageIndex, pageOf, rangeText } from './paging';

it('counts pages', () => {
  expect(pageCount(0, 20)).toBe(1);
  expect(pageCount(20, 20)).toBe(1);
  expect(pageCount(21, 20)).toBe(2);
});

it('reads the page from the address', () => {
  expect(pageIndex(null)).toBe(0);
  expect(pageIndex('1')).toBe(0);
  expect(pageIndex('3')).toBe(2);
  expect(pageIndex('0')).toBe(0);
  expect(pageIndex('-1')).toBe(0);
  expect(pageIndex('x')).toBe(0);
});

it('says what is shown', () => {
  expect(rangeText(0, 20, 57)).toBe('1–20 of 57');
  expect(rangeText(2, 20, 57)).toBe('41–57 of 57');
  expect(rangeText(9, 20, 57)).toBe('none of 57');
  expect(rangeText(0, 20, 0)).toBe('0 of 0');
});

it('cuts a list, and a page beyond the end is the last', () => {
  expect(pageOf([1, 2, 3, 4, 5], 1, 2)).toEqual({ items: [3, 4], page: 1 });
  expect(pageOf([1, 2, 3, 4, 5], 9, 2)).toEqual({ items: [5], page: 2 });
  expect(pageOf([], 3, 2)).toEqual({ items: [], page: 0 });
});
