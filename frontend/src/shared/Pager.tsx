import { Group, Pagination, Text } from '@mantine/core';
import { pageCount, rangeText } from './paging';

interface Props {
  /** From 0. */
  page: number;
  size: number;
  total: number;
  what: string;
  onPage: (page: number) => void;
}

/** Nothing where one page holds all. */
export function Pager({ page, size, total, what, onPage }: Props) {
  if (total <= size && page === 0) return null;
  return (
    <Group justify="space-between" gap="xs" px="sm" py="xs" component="nav" aria-label={`Pages of ${what}`}>
      <Text size="sm" c="dimmed" className="number">
        {rangeText(page, size, total)}
      </Text>
      <Pagination
        size="sm"
        total={pageCount(total, size)}
        value={page + 1}
        onChange={(next) => onPage(next - 1)}
        siblings={1}
        getControlProps={(control) => ({ 'aria-label': `${control} page of ${what}` })}
        getItemProps={(item) => ({ 'aria-label': `Page ${item} of ${what}` })}
      />
    </Group>
  );
}
