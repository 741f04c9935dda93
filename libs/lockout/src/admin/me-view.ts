import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { ResolvedAdminOptions } from './admin-options.js';
import { LIBRARY_VERSION } from './library-version.js';
import { iso } from './moment.js';
import { ALL_REALMS, type Permission } from './permission.js';
import { storeNow } from './store-now.js';

/** What the administrator may do in one realm. */
export interface RealmRights {
  readonly realm: string;
  readonly view: boolean;
  readonly unlock: boolean;
  readonly lock: boolean;
  /** Whether what was recorded of an account may be erased. */
  readonly erase: boolean;
  /** Where to turn about something that cannot be solved here; absent where there is nowhere. */
  readonly support?: string;
}

/** Who asks, and what may be done: what a console has to know before it shows anything. */
export interface MeView {
  /** Recorded with every change; null: the application gives no name, and refuses changes. */
  readonly actor: string | null;
  /** The store's clock. */
  readonly now: string;
  /** Of the option `realms` those in which anything may be done. */
  readonly realms: readonly RealmRights[];
  /** Whether policies may be read and simulated. */
  readonly viewPolicies: boolean;
  /** Whether policies may be changed. */
  readonly configure: boolean;
  /** Whether deliveries may be seen, repeated and dropped; `false` also where the store delivers nothing. */
  readonly deliver: boolean;
  /** Most accounts, addresses or records of one bulk call. */
  readonly bulkMaximum: number;
  /** Whether plain names and addresses are kept; `false`: only ids are listed. */
  readonly labels: boolean;
  /** How long another process may decide by what it knows, ms: an unlock is seen everywhere after it. */
  readonly cacheMs: number;
  /** Of this library; null: not known. */
  readonly version: string | null;
}

export async function meView(
  engine: LockoutEngine,
  permission: Permission,
  { realms, bulkMaximum }: ResolvedAdminOptions,
): Promise<MeView> {
  const rights = await Promise.all(realms.map((realm) => rightsIn(permission, realm)));
  const { labels, cacheMs } = engine.options;
  return {
    actor: await permission.name(),
    now: iso(await storeNow(engine)),
    realms: rights.filter(({ view, unlock, lock, erase }) => view || unlock || lock || erase),
    viewPolicies: await permission.allows('view', ALL_REALMS),
    configure: await permission.allows('configure', ALL_REALMS),
    deliver: engine.outbox !== null && (await permission.allows('deliver', ALL_REALMS)),
    bulkMaximum,
    labels,
    cacheMs,
    version: LIBRARY_VERSION,
  };
}

async function rightsIn(permission: Permission, realm: string): Promise<RealmRights> {
  const [view, unlock, lock, erase] = await Promise.all([
    permission.allows('view', realm),
    permission.allows('unlock', realm),
    permission.allows('lock', realm),
    permission.allows('erase', realm),
  ]);
  return { realm, view, unlock, lock, erase, ...(await permission.support(realm)) };
}
