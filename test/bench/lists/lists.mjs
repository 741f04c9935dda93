import { openStore } from '../growth/database.mjs';
import { startAdminApi } from './admin-api.mjs';
import { callsOf } from './calls.mjs';
import { waitedFor } from './console.mjs';
import { fill } from './filled.mjs';
import { measured } from './measured.mjs';
import { Population } from './population.mjs';

/** @typedef {Awaited<ReturnType<typeof listsOf>>} Lists */

/**
 * Fills a database and measures every list.
 *
 * @param {import('../servers.mjs').BenchServer} server
 * @param {import('./population.mjs').Shares} shares
 * @param {(step: string) => void} say
 * @param {boolean} onlyConsole
 */
export async function listsOf(server, shares, say, onlyConsole) {
  const family = /** @type {'mariadb' | 'postgres'} */ (server.name);
  const database = await server.create('lists');
  say(`writes ${shares.rows} records`);
  const perSecond = await fill(database, shares);
  const { store, close } = await openStore(database);
  // As the application has it: a pool and a store of its own.
  const { store: ofApi, close: closeApi } = await openStore(database);
  const api = await startAdminApi(ofApi);
  const { tables } = Reflect.get(store, 'opened');
  const roles = new Map(
    [tables.record, tables.event].flatMap(({ path, indexes }) =>
      Object.entries(indexes).map(([role, name]) => [
        bare(name),
        `${bare(path).replace('lockout_', '')}.${role}`,
      ]),
    ),
  );
  say('looks for the places of deep pages');
  const calls = onlyConsole ? [] : await callsOf(store, new Population(store, shares));
  const lists = [];
  for (const [n, call] of calls.entries()) {
    if (n % 20 === 0) say(`measures ${n} of ${calls.length} calls`);
    const { plan, ...times } = await measured(store, family, api.url, call);
    lists.push({ ...times, plan: { ...plan, indexes: plan.indexes.map((name) => roles.get(name) ?? name) } });
  }
  say('opens the console');
  const waited = await waitedFor(api.url, shares);
  await api.close();
  await closeApi();
  await close();
  await database.drop();
  const { title, version, settings } = server;
  return { server: server.name, title, version, settings, ...shares, perSecond, lists, console: waited };
}

/** @param {unknown} name */
const bare = (name) => String(name).replaceAll(/[`"]/g, '');
