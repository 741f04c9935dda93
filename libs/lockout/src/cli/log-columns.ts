import { listed } from './plain-number.js';
import { printable } from './printable.js';

/** What a column can hold. Beside these, `custom:tenant` is the scope part `{ custom: 'tenant' }`. */
export const COLUMN_FIELDS = [
  'time',
  'account',
  'address',
  'method',
  'outcome',
  'device',
  'realm',
  'brand',
] as const;

export type ColumnField = (typeof COLUMN_FIELDS)[number];

/** Where each field stands in a line. */
export interface LogColumns {
  readonly time: number;
  readonly account: number;
  readonly outcome: number;
  readonly address: number | null;
  readonly method: number | null;
  readonly device: number | null;
  readonly realm: number | null;
  readonly brand: number | null;
  readonly custom: readonly { readonly name: string; readonly column: number }[];
  /** Columns a line must have at least. */
  readonly width: number;
}

const REQUIRED: readonly ColumnField[] = ['time', 'account', 'outcome'];
const CUSTOM = 'custom:';

/** Names that logs give their columns; the first ones win. */
const NAMES: Readonly<Record<ColumnField, readonly string[]>> = {
  time: ['time', 'timestamp', '@timestamp', 'at', 'datetime', 'date', 'ts', 'created-at', 'event-time'],
  account: [
    'account',
    'account-id',
    'user',
    'username',
    'user-name',
    'user-id',
    'login',
    'email',
    'identifier',
  ],
  address: [
    'address',
    'ip',
    'ip-address',
    'client-ip',
    'remote-addr',
    'remote-address',
    'source-ip',
    'src-ip',
  ],
  method: ['method', 'authenticator', 'credential', 'factor', 'auth-method'],
  outcome: ['outcome', 'result', 'status', 'success', 'event-outcome'],
  device: ['device', 'device-id'],
  realm: ['realm'],
  brand: ['brand'],
};

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');

/**
 * Finds the columns by the header.
 * @param given by `--columns`: field → name in the header.
 * @returns the columns, or everything that is wrong with them.
 */
export function readColumns(
  header: readonly string[],
  given: ReadonlyMap<string, string>,
): LogColumns | readonly string[] {
  const problems: string[] = [];
  const names = header.map(plain);
  const columnNamed = (name: string): number | null => {
    const found = names.indexOf(plain(name));
    if (found !== -1 && names.lastIndexOf(plain(name)) !== found)
      problems.push(`The column ${quoted(name)} is there twice; rename one.`);
    return found === -1 ? null : found;
  };
  const columnOf = (field: ColumnField): number | null => {
    const name = given.get(field);
    if (name !== undefined) {
      const column = columnNamed(name);
      if (column === null)
        problems.push(`--columns says ${field}=${printable(name)}, but there is no such column.`);
      return column;
    }
    const known = NAMES[field].find((candidate) => names.includes(candidate));
    return known === undefined ? null : columnNamed(known);
  };
  const found = Object.fromEntries(COLUMN_FIELDS.map((field) => [field, columnOf(field)])) as Record<
    ColumnField,
    number | null
  >;
  const missing = REQUIRED.filter((field) => found[field] === null && !given.has(field));
  if (missing.length > 0) {
    problems.push(
      `No column for ${listed(missing)}. The header is: ${header.map(quoted).join(', ')}. Name them, e.g. --columns ${missing.map((field) => `${field}=…`).join(',')}.${delimiterHint(header)}`,
    );
  }
  const custom = names.flatMap((name, column) =>
    name.startsWith(CUSTOM) ? [{ name: (header[column] ?? '').trim().slice(CUSTOM.length), column }] : [],
  );
  if (problems.length > 0) return problems;
  const columns = [found.time, found.account, found.outcome].map((column) => column ?? 0);
  const [time = 0, account = 0, outcome = 0] = columns;
  return { ...found, time, account, outcome, custom, width: Math.max(...columns) + 1 };
}

const quoted = (name: string): string => JSON.stringify(printable(name));

function delimiterHint(header: readonly string[]): string {
  const [only] = header;
  if (header.length !== 1 || only === undefined) return '';
  const other = [';', '\t', '|'].find((delimiter) => only.includes(delimiter));
  if (!other) return '';
  return ` The columns seem to be separated by ${JSON.stringify(other)}: add --delimiter ${other === '\t' ? 'tab' : `"${other}"`}.`;
}
