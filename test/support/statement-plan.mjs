/**
 * How a server answered one statement, as it says itself after having done so.
 *
 * @typedef {object} Plan
 * @property {readonly string[]} indexes Names of the indexes that were used, `PRIMARY` for the table's own.
 * @property {readonly string[]} scanned Tables that were read from one end to the other.
 * @property {number} read Rows and index entries that were looked at one by one.
 *
 * @typedef {(sql: string, values: readonly unknown[]) => Promise<readonly (readonly unknown[])[]>} Ask
 * `isStep`: it was one of a transaction, whose settings are its own.
 *
 * @typedef {{ readonly sql: string, readonly values: readonly unknown[], readonly isStep: boolean }} Statement
 */

/**
 * Runs a statement once more and asks for its plan.
 *
 * @param {Ask} ask
 * @param {'mariadb' | 'postgres'} family
 * @param {Pick<Statement, 'sql' | 'values'>} statement
 * @returns {Promise<Plan>}
 */
export async function planOf(ask, family, { sql, values }) {
  const word = family === 'mariadb' ? 'ANALYZE FORMAT=JSON' : 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)';
  const [row] = await ask(`${word} ${sql}`, values);
  const answer = row?.[0];
  const tree = typeof answer === 'string' ? JSON.parse(mended(answer)) : answer;
  /** @type {{ indexes: Set<string>, scanned: Set<string>, read: number }} */
  const plan = { indexes: new Set(), scanned: new Set(), read: 0 };
  visit(tree, family === 'mariadb' ? readMariadb : readPostgres, plan);
  return { indexes: [...plan.indexes], scanned: [...plan.scanned], read: Math.round(plan.read) };
}

/**
 * The queries that some work sends through a store's dialect, inside of transactions and outside.
 *
 * @param {object} store
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Statement[]>}
 */
export async function statementsOf(store, work) {
  const dialect = dialectOf(store);
  const { query, transact } = dialect;
  /** @type {Statement[]} */
  const statements = [];
  dialect.query = (/** @type {string} */ sql, /** @type {readonly unknown[]} */ values) => {
    statements.push({ sql, values, isStep: false });
    return query.call(dialect, sql, values);
  };
  dialect.transact = (/** @type {() => Generator<any, unknown, unknown>} */ steps) =>
    transact.call(dialect, function* () {
      const transaction = steps();
      let next = transaction.next();
      while (next.done !== true) {
        const { sql, values, returnsRows } = next.value;
        if (returnsRows) statements.push({ sql, values, isStep: true });
        next = transaction.next(yield next.value);
      }
      return next.value;
    });
  try {
    await work();
  } finally {
    Object.assign(dialect, { query, transact });
  }
  return statements;
}

/**
 * The plans of those queries, each run once more.
 *
 * @param {object} store
 * @param {'mariadb' | 'postgres'} family
 * @param {() => Promise<unknown>} work
 * @returns {Promise<Plan[]>}
 */
export async function plansOf(store, family, work) {
  const plans = [];
  for (const statement of await statementsOf(store, work)) {
    plans.push(await planOf(askOf(store, statement), family, statement));
  }
  return plans;
}

/** What a store asks its database through, which is its own affair. @param {object} store @returns {any} */
export const dialectOf = (store) => Reflect.get(store, 'opened').dialect;

/** The store's own way to ask. @param {object} store @param {Pick<Statement, 'isStep'>} [as] @returns {Ask} */
export const askOf = (store, as) => (sql, values) => {
  const dialect = dialectOf(store);
  if (!as?.isStep) return dialect.query(sql, values);
  return dialect.transact(function* () {
    return (yield { sql, values, returnsRows: true }).rows;
  });
};

/** MariaDB quotes binary values in a way that JSON does not know. @param {string} json */
const mended = (json) =>
  json
    .replaceAll(/\\(.)/gsu, (pair, letter) => ('"\\/bfnrt'.includes(letter) ? pair : letter))
    .replaceAll(/\p{Cc}/gu, ' ');

/**
 * @param {unknown} node
 * @param {(node: any, plan: any) => void} read
 * @param {any} plan
 */
function visit(node, read, plan) {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) read(node, plan);
  for (const child of Object.values(node)) visit(child, read, plan);
}

/** @param {any} node @param {any} plan */
function readMariadb(node, plan) {
  const { table_name: table, access_type: access, key, r_rows: rows = 0, r_loops: loops = 1 } = node;
  if (table === undefined || access === undefined || table.startsWith('<') || node.materialized) return;
  plan.read += rows * loops;
  if (access === 'ALL') plan.scanned.add(table);
  if (key !== undefined) plan.indexes.add(key);
}

/** @param {any} node @param {any} plan */
function readPostgres(node, plan) {
  const kind = node['Node Type'];
  if (typeof kind !== 'string' || !kind.includes('Scan') || !(node['Relation Name'] || node['Index Name']))
    return;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  plan.read += (node['Actual Rows'] + removed) * node['Actual Loops'];
  if (kind === 'Seq Scan') plan.scanned.add(node['Relation Name']);
  if (node['Index Name'] !== undefined) plan.indexes.add(node['Index Name']);
}
