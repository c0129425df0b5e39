/** One page of a list; `page` counts from 0. */
export interface Page<T> {
  items: T[];
  page: number;
  size: number;
  total: number;
}
