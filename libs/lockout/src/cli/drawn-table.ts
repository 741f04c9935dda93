import Table from 'cli-table3';
import type { Paint, Tone } from './paint.js';
import { printable } from './printable.js';

/** Longest text of a cell. */
const MAX_CELL = 72;

/** A cell: whatever text it has is made safe here. Null: nothing to say. */
export type Cell = string | number | null | { readonly text: string; readonly tone: Tone };

/** A table. Columns that are empty in every row are left out. */
export function drawnTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
): string {
  const kept = head.flatMap((_, column) =>
    rows.some((row) => !isEmpty(row[column] ?? null)) ? [column] : [],
  );
  const drawn = new Table({
    head: kept.map((column) => paint('strong', head[column] ?? '')),
    // No colours of its own: what is printed may be piped into a file.
    style: { head: [], border: [] },
  });
  drawn.push(...rows.map((row) => kept.map((column) => cellText(row[column] ?? null, paint))));
  return drawn.toString();
}

const isEmpty = (cell: Cell): boolean => cell === null || cell === '';

function cellText(cell: Cell, paint: Paint): string {
  if (cell === null) return '';
  if (typeof cell === 'object') return paint(cell.tone, printable(cell.text, MAX_CELL));
  return printable(String(cell), MAX_CELL);
}
