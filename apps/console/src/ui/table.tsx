import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** The title is only for screen readers: a column of buttons or boxes. */
  readonly untitled?: boolean;
  /** Stands instead of the title. */
  readonly head?: ComponentChildren;
  /** This column says what the row is about. */
  readonly isName?: boolean;
  /** The rows are in this order. */
  readonly isSorted?: boolean;
  /** Sorts by it. */
  readonly sortHref?: string;
  readonly align?: 'end';
  /** Says nothing of its own about this row: left out of a card. */
  readonly isAside?: (row: Row) => boolean;
  readonly cell: (row: Row) => ComponentChildren;
}

interface TableProps<Row> {
  /** What the table shows; for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly isSelected?: (row: Row) => boolean;
}

/** Written out because browsers forget what a row is when it is laid out as a block. */
const ROLE = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  rowheader: { role: 'rowheader' },
  cell: { role: 'cell' },
} as const;

/** A table that turns into cards on a phone. */
export function Table<Row>({ caption, columns, rows, rowId, isSelected }: TableProps<Row>) {
  return (
    <div class="table-wrap">
      <table class="table" {...ROLE.table}>
        <caption class="visually-hidden">{caption}</caption>
        <thead {...ROLE.rowgroup}>
          <tr {...ROLE.row}>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                {...ROLE.columnheader}
                class={classOf(column)}
                aria-sort={column.isSorted ? 'descending' : undefined}
              >
                <Head column={column} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...ROLE.rowgroup}>
          {rows.map((row) => (
            <tr key={rowId(row)} {...ROLE.row} class={isSelected?.(row) ? 'is-selected' : undefined}>
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>({
  column: { title, head, untitled, sortHref, isSorted },
}: {
  readonly column: Column<Row>;
}) {
  if (head) return <>{head}</>;
  if (untitled) return <span class="visually-hidden">{title}</span>;
  if (!sortHref) return <>{title}</>;
  return (
    <a class="sort" href={sortHref} aria-current={isSorted || undefined}>
      {title}
      <span class="sort-mark" aria-hidden="true">
        ↓
      </span>
    </a>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const content = column.cell(row);
  if (column.isName) {
    return (
      <th scope="row" {...ROLE.rowheader} class={classOf(column)}>
        {content}
      </th>
    );
  }
  return (
    <td
      {...ROLE.cell}
      class={`${classOf(column)}${column.isAside?.(row) ? ' is-aside' : ''}`}
      data-label={column.untitled ? undefined : column.title}
    >
      {content}
    </td>
  );
}

const classOf = <Row,>({ id, align }: Column<Row>): string => `column-${id}${align ? ` align-${align}` : ''}`;
