import { LockoutEngine } from 'nestjs-lockout';
import { definePolicies } from 'nestjs-lockout/policy';
import { openStore } from './store-connection.mjs';

/** Accounts that are read at once. */
const READERS = 16;

/**
 * Prepares the store, and reads at the end what it holds.
 *
 * @param {import('./store-connection.mjs').StoreConnection} connection
 * @param {{ secret: string, populations: readonly import('./population.mjs').Population[] }} run
 */
export async function observe(connection, { secret, populations }) {
  const migrating = await openStore(connection, { migrate: true });
  await migrating.close();
  const policies = definePolicies(populations.flatMap((population) => population.policies));
  const { accounts, keys } = new LockoutEngine({ store: migrating.store, secrets: [secret], policies });
  const keyOf = ({ policy, scope, account, address }) =>
    keys.key({
      realm: 'default',
      counter: policy.name,
      scope: scope.join('+'),
      subject: scope.map((part) => (part === 'account' ? `id:${account}` : address)),
    });
  return {
    /** What the rows of an account are found by. @param {string} account */
    hashes: (account) => accounts.accountHashes({ account }),
    /**
     * What the store holds of everybody who was tried.
     *
     * @param {import('./history.mjs').History} history
     * @returns {Promise<(policy: Record<string, any>, subject: string) => any>}
     */
    async states(history) {
      const { store, close } = await openStore(connection);
      const states = new Map();
      const subjects = new Map();
      for (const { population, account, address } of history.attempts.values()) {
        for (const policy of populations.find(({ name }) => name === population).policies) {
          const scope = policy.scope ?? ['account'];
          const parts = scope.map((part) => (part === 'account' ? account : address));
          subjects.set(`${policy.name} ${parts.join(' at ')}`, { policy, scope, account, address });
        }
      }
      const left = [...subjects.entries()];
      const read = async () => {
        for (let next = left.pop(); next; next = left.pop()) {
          const [name, what] = next;
          const key = keyOf(what);
          states.set(name, (await store.load([key])).records.get(key)?.state ?? null);
        }
      };
      await Promise.all(Array.from({ length: READERS }, read));
      await close();
      return (policy, subject) => states.get(`${policy.name} ${subject}`) ?? null;
    },
  };
}
