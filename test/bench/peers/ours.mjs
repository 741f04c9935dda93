import { LockoutEngine } from 'nestjs-lockout';
import { definePolicies, minutes } from 'nestjs-lockout/policy';
import { lockoutEntities, migrateLockout, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { connectDataSource } from '../data-source.mjs';
import { SUBJECTS } from '../subjects.mjs';
import { wrong } from '../verify.mjs';

const SECRET = 'a secret of a benchmark, of more than thirty-two bytes';
const TYPES = { mariadb: 'mariadb', postgres: 'postgres', sqlite: 'better-sqlite3' };

const LOCKING_CALLERS = 200;
const MAX_TROUBLE = 10;

/** @type {readonly (readonly ('account' | 'address')[])[]} */
const SCOPES = [['account'], ['address'], ['account', 'address']];

/** @param {import('./peer.mjs').PeerSettings} settings */
const policiesOf = ({ keys, threshold, addressThreshold }) =>
  definePolicies(
    SCOPES.slice(0, keys).map((scope) => ({
      name: scope.join('-and-'),
      scope: [...scope],
      threshold: scope.includes('account') ? threshold : addressThreshold,
      window: { kind: 'idle', durationMs: minutes(15) },
      schedule: { kind: 'fixed', durationMs: minutes(15) },
    })),
  );

/** @param {{ cacheMs?: number }} options @returns {import('./peer.mjs').Peer['open']} */
const opening = (options) => async (database, settings) => {
  const type = /** @type {'mariadb'} */ (TYPES[database.family]);
  const dataSource = await connectDataSource(database, { entities: lockoutEntities(type) });
  await migrateLockout(dataSource);
  const store = new TypeormLockoutStore(dataSource);
  await store.init();
  const engine = new LockoutEngine({ store, secrets: [SECRET], policies: policiesOf(settings), ...options });

  /** @type {import('./peer.mjs').OpenPeer['attempt']} */
  const attempt = async ({ account, address }, verify) => {
    const begun = await engine.begin({ account, address, method: 'password' });
    if (!begun.allowed) return 'refused';
    if (await verify()) {
      const { refusal } = await begun.attempt.succeed();
      return refusal ? 'refused' : 'success';
    }
    await begun.attempt.fail();
    return 'failure';
  };

  /** Fails until it is refused. On a busy machine the store may be too slow now and then. @param {import('../subjects.mjs').Subject} subject */
  const lock = async (subject) => {
    for (let tries = 0; tries < settings.threshold + MAX_TROUBLE; tries += 1) {
      if ((await attempt(subject, wrong).catch(() => 'error')) === 'refused') return;
    }
    throw new Error(`${subject.account} cannot be locked`);
  };

  return {
    attempt,
    tables: ['lockout_record'],
    totals: () => ({ ...engine.totals }),
    async lockAll() {
      const queue = SUBJECTS.values();
      const caller = async () => {
        for (const subject of queue) await lock(subject);
      };
      await Promise.all(Array.from({ length: LOCKING_CALLERS }, caller));
    },
    async close() {
      await store.close();
      await dataSource.destroy();
    },
  };
};

/** @type {import('./peer.mjs').Peer} */
export const ours = {
  name: 'ours',
  title: 'nestjs-lockout',
  keys: (wanted) => wanted,
  remark: 'default options',
  open: opening({}),
};

/** @type {import('./peer.mjs').Peer} */
export const oursUncached = {
  name: 'ours-uncached',
  title: 'nestjs-lockout, cacheMs: 0',
  keys: (wanted) => wanted,
  remark: 'every decision asks the database',
  open: opening({ cacheMs: 0 }),
};
