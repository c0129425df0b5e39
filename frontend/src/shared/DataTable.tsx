import type { ReactNode } from 'react';

export interface Column<T> {
  header: string;
  cell: (row: T) => ReactNode;
  right?: boolean;
  /** Stands first and without its label on a phone. */
  lead?: boolean;
  /** Takes the whole width on a phone. */
  wide?: boolean;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** A row of its own below the row, over all columns. */
  detail?: (row: T) => ReactNode;
}

function cellClass<T>(column: Column<T>, content: ReactNode): string {
  const names = [];
  if (column.right === true) names.push('right');
  if (column.lead === true) names.push('lead');
  if (column.wide === true) names.push('wide');
  if (content === null || content === undefined || content === '') names.push('empty');
  return names.join(' ');
}

/** A table on a desk, labelled blocks on a phone. The roles stay said: `display: block` would take them away. */
export function DataTable<T>({ label, columns, rows, rowKey, detail }: Props<T>) {
  return (
    <table className="data-table" role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.header} role="columnheader" scope="col" className={column.right === true ? 'right' : ''}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => {
          const below = detail?.(row) ?? null;
          return [
            <tr key={rowKey(row)} role="row">
              {columns.map((column) => {
                const content = column.cell(row);
                return (
                  <td key={column.header} role="cell" data-label={column.header} className={cellClass(column, content)}>
                    <div>{content}</div>
                  </td>
                );
              })}
            </tr>,
            below !== null && (
              <tr key={`${rowKey(row)} detail`} role="row" className="detail-row">
                <td role="cell" colSpan={columns.length} className="detail-cell">
                  {below}
                </td>
              </tr>
            ),
          ];
        })}
      </tbody>
    </table>
  );
}
