import type { AdminAction } from 'nestjs-lockout/admin';
import {
  ALICE,
  BOB,
  BRAND,
  CUSTOMERS,
  CUSTOMERS_ADMIN,
  HOME,
  type MatrixHouse,
  POLICY,
  WHY,
} from './matrix-house.js';

/** One call, as the administrator of the customers' realm makes it. */
export interface RightCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the mount, encoded, with the query. */
  readonly path: string;
  readonly body?: object;
  readonly ifMatch?: string;
  /** What has to be permitted; null: whoever the guards admit may. */
  readonly needs: AdminAction | null;
  /** What it is answered. */
  readonly status: number;
}

type Make = (house: MatrixHouse) => RightCall | Promise<RightCall>;

const look =
  (path: string, needs: AdminAction | null = 'view', status = 200): Make =>
  () => ({ method: 'GET', path, needs, status });

const REALM = `realm=${CUSTOMERS}`;
const account = (name: string): string => `/accounts/${CUSTOMERS}/${encodeURIComponent(name)}`;
const why = { reason: WHY };

interface Identified {
  readonly id: string;
  readonly locks: readonly [{ readonly id: string }];
}

const idOf = async (house: MatrixHouse, path: string): Promise<string> =>
  (await house.look<Identified>(path)).body.id;

/** The id of the row that locks somebody. */
export const lockOf = async (
  house: MatrixHouse,
  user = CUSTOMERS_ADMIN,
  realm = CUSTOMERS,
  name = ALICE,
): Promise<string> => (await house.look<Identified>(`/accounts/${realm}/${name}`, user)).body.locks[0].id;

const byId = (of: 'accounts' | 'addresses', path: string, needs: AdminAction, verb = ''): Make => {
  const body = { unlock: why, lock: { until: null, ...why }, erase: { confirm: BOB, ...why } }[verb];
  return async (house) => ({
    method: body ? 'POST' : 'GET',
    path: `/${of}/-/${await idOf(house, path)}${verb && `/${verb}`}`,
    ...(body ? { body } : {}),
    needs,
    status: 200,
  });
};

const change =
  (path: string, body: object, needs: AdminAction): Make =>
  () => ({ method: 'POST', path, body, needs, status: 200 });

const deliveryCall =
  (kind: 'retry' | 'drop'): Make =>
  async (house) => ({
    method: 'POST',
    path: `/deliveries/${kind}`,
    body: { ids: [await house.deadLetter()], ...why },
    needs: 'deliver',
    status: 200,
  });

const target = { Policy: `/policies/${POLICY}`, Override: `/policies/${POLICY}/brands/${BRAND}` } as const;

const policyCall =
  (of: keyof typeof target, method: RightCall['method'], body: object, verb = ''): Make =>
  async (house) => ({
    method,
    path: target[of] + verb,
    body: { ...body, ...why },
    ifMatch: (await house.look(target[of])).etag,
    needs: 'configure',
    status: 200,
  });

const policyCalls = <Of extends 'Policy' | 'Override'>(of: Of) =>
  ({
    [`inspect${of}`]: look(target[of]),
    [`save${of}`]: policyCall(of, 'PUT', { settings: { threshold: 7 } }),
    [`list${of}History`]: look(`${target[of]}/history?limit=10`),
    [`revert${of}`]: policyCall(of, 'POST', { version: 1 }, '/revert'),
    [`remove${of}`]: policyCall(of, 'DELETE', {}),
  }) as Readonly<Record<string, Make>>;

/** By the operation's id in the API's document. A call that is missing here fails the matrix. */
export const EVERY_CALL: Readonly<Record<string, Make>> = {
  readMe: look('/me', null),
  readOverview: look(`/overview?${REALM}&hours=6`),
  explainAttempt: look(`/explain?${REALM}&account=${encodeURIComponent(ALICE)}&address=${HOME}`),
  listAccounts: look(`/accounts?${REALM}&state=any&q=alice`),
  inspectAccount: look(account(ALICE)),
  inspectAccountById: byId('accounts', account(ALICE), 'view'),
  unlockAccount: change(`${account(ALICE)}/unlock`, why, 'unlock'),
  unlockAccountById: byId('accounts', account(ALICE), 'unlock', 'unlock'),
  eraseAccount: change(`${account(ALICE)}/erase`, { confirm: ALICE, ...why }, 'erase'),
  eraseAccountById: byId('accounts', account(BOB), 'erase', 'erase'),
  lockAccount: change(`${account(ALICE)}/lock`, { until: null, ...why }, 'lock'),
  lockAccountById: byId('accounts', account(BOB), 'lock', 'lock'),
  unlockAccounts: change(
    '/accounts/unlock',
    { accounts: [ALICE, BOB].map((name) => ({ realm: CUSTOMERS, account: name })), ...why },
    'unlock',
  ),
  listAddresses: look(`/addresses?${REALM}&state=any&q=203.0.113.77`),
  inspectAddress: look(`/addresses/${CUSTOMERS}/${HOME}`),
  inspectAddressById: byId('addresses', `/addresses/${CUSTOMERS}/${HOME}`, 'view'),
  unlockAddresses: change('/addresses/unlock', { realm: CUSTOMERS, addresses: [HOME], ...why }, 'unlock'),
  unlockRecord: async (house) => ({
    method: 'POST',
    path: `/records/${await lockOf(house)}/unlock`,
    body: why,
    needs: 'unlock',
    status: 200,
  }),
  unlockRecords: async (house) => ({
    method: 'POST',
    path: '/records/unlock',
    body: { ids: [await lockOf(house)], ...why },
    needs: 'unlock',
    status: 200,
  }),
  listEvents: look(`/events?${REALM}&account=${encodeURIComponent(ALICE)}&type=locked`),
  exportEvents: look(`/events/export?${REALM}&account=${encodeURIComponent(ALICE)}&type=locked`),
  followEvents: look('/events/stream', null),
  listDeliveries: look('/deliveries?state=dead&sink=pager&limit=10', 'deliver'),
  retryDeliveries: deliveryCall('retry'),
  dropDeliveries: deliveryCall('drop'),
  listPolicies: look('/policies'),
  ...policyCalls('Policy'),
  ...policyCalls('Override'),
  simulate: change(
    '/simulate',
    {
      policies: [{ name: 'draft', threshold: 3, schedule: { kind: 'indefinite' } }],
      steps: [{ at: 0, type: 'failure' }],
    },
    'view',
  ),
  readOpenApi: look('/openapi.json', null),
  openConsole: look('/console', null, 308),
  readConsole: look('/console/', null),
  readMessages: look('/console/messages.json', null),
  readConsoleFile: look('/console/assets/index-1.js', null),
};

/** The right call of this id; throws for one that nobody put into the matrix. */
export async function callOf(house: MatrixHouse, id: string): Promise<RightCall> {
  const make = EVERY_CALL[id];
  if (!make) throw new Error(`${id} is missing in the matrix: add it to every-call.ts.`);
  return make(house);
}

/** Whether it leaves something behind where it is made rightly. */
export const changes = (id: string, { method }: RightCall): boolean => method !== 'GET' && id !== 'simulate';
