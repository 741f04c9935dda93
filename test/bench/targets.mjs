import { BOUND } from './bound.mjs';
import { PEERS } from './peers/catalogue.mjs';

/**
 * What was promised, and what was measured.
 *
 * @typedef {object} Target
 * @property {string} what
 * @property {'at least' | 'at most'} sense
 * @property {number} required
 * @property {number | null} aim Wished for; null: as required.
 * @property {number} measured
 * @property {boolean} met Whether what is required holds.
 */

const TITLES = { mariadb: 'MariaDB', postgres: 'PostgreSQL', sqlite: 'SQLite' };
const PATHS = /** @type {const} */ (['success', 'failure', 'locked']);
const RECIPE = 'rate-limiter-flexible';
/** A request does not wait longer than this for its own lockout decision, ms of CPU. */
const EDGE_MS = 0.1;

/**
 * @param {string} what
 * @param {'at least' | 'at most'} sense
 * @param {number | undefined} measured
 * @param {number} required
 * @param {number | null} [aim]
 * @returns {Target[]} None where it was not measured.
 */
function target(what, sense, measured, required, aim = null) {
  if (measured === undefined || Number.isNaN(measured)) return [];
  const met = sense === 'at least' ? measured >= required : measured <= required;
  return [{ what, sense, required, aim, measured, met }];
}

/**
 * @param {readonly import('./report.mjs').Table[]} tables
 * @param {string} id
 * @param {string} name
 */
const ratioOf = (tables, id, name) =>
  tables.find((table) => table.id === id)?.rows.find((row) => row.name === name)?.ratio?.median;

/** @param {number | undefined} ratio */
const turned = (ratio) => (ratio === undefined ? undefined : 1 / ratio);

/** @param {readonly import('./report.mjs').Table[]} tables @returns {Target[]} */
const onMariadb = (tables) => [
  ...target(
    'MariaDB, right password: × the recipe',
    'at least',
    ratioOf(tables, 'mariadb/success/2', RECIPE),
    1.3,
    2,
  ),
  ...target(
    'MariaDB, wrong password: × the recipe',
    'at least',
    ratioOf(tables, 'mariadb/failure/2', RECIPE),
    5,
    8,
  ),
  ...target(
    'MariaDB, already locked: × the recipe',
    'at least',
    ratioOf(tables, 'mariadb/locked/2', RECIPE),
    15,
  ),
  ...PATHS.slice(0, 2).flatMap((path) =>
    target(
      `MariaDB, one after the other, ${path === 'success' ? 'right' : 'wrong'} password: × a raw upsert of as many rows`,
      'at most',
      turned(ratioOf(tables, `mariadb/latency-${path}/2`, 'raw-upsert')),
      5,
      3,
    ),
  ),
  ...target(
    'MariaDB, one hot account: × the hand-written pattern',
    'at least',
    ratioOf(tables, 'mariadb/hot/2', 'hand-written'),
    20,
  ),
];

/** The peer that comes closest to ours. @param {import('./report.mjs').Table} table */
function closest({ rows }) {
  const names = PEERS.filter(({ memory, limit, name }) => !memory && !limit && !name.startsWith('ours'));
  const peers = rows.filter(({ name, ratio }) => ratio && names.some((peer) => peer.name === name));
  return peers.toSorted((a, b) => (a.ratio?.median ?? 0) - (b.ratio?.median ?? 0))[0];
}

/** @param {readonly import('./report.mjs').Table[]} tables @returns {Target[]} */
const aheadElsewhere = (tables) =>
  /** @type {const} */ (['postgres', 'sqlite']).flatMap((server) =>
    PATHS.flatMap((path) => {
      const table = tables.find(({ id }) => id === `${server}/${path}/2`);
      const peer = table && closest(table);
      if (!table || !peer) return [];
      const what = `${TITLES[server]}, ${table.title.split(',')[0]?.toLowerCase()}: × the quickest peer (${peer.title})`;
      return target(what, 'at least', peer.ratio?.median, 1);
    }),
  );

/**
 * @param {readonly import('./report.mjs').Table[]} tables
 * @param {readonly import('./report.mjs').Facts[]} facts
 * @param {Readonly<Partial<Record<import('./servers.mjs').ServerName, number | null>>>} knownLocked Statements.
 * @returns {Target[]}
 */
export function judge(tables, facts, knownLocked) {
  const bounds = facts.filter(({ id }) => id.endsWith('/bound'));
  const edge = facts.find(({ id }) => id === 'edge');
  return [
    ...onMariadb(tables),
    ...target('MariaDB, known to be locked: statements', 'at most', knownLocked.mariadb ?? undefined, 0),
    ...aheadElsewhere(tables),
    ...bounds.flatMap(({ server, rows }) =>
      target(
        `${TITLES[/** @type {'mariadb'} */ (server)]}, parallel guesses verified`,
        'at most',
        Math.max(...(rows.find(({ name }) => name === 'ours')?.values ?? []).map(Number)),
        BOUND,
      ),
    ),
    ...(edge?.rows ?? []).flatMap(({ title, values }) =>
      target(`Edge, ${title}: ms of CPU added`, 'at most', values[2] ?? undefined, EDGE_MS),
    ),
  ];
}
