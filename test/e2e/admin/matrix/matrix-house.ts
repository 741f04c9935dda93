import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeliveryRefusedError,
  type LockoutEngine,
  LockoutNotifier,
  type LockoutSink,
  type Outbox,
  type PolicyStore,
  type PolicyTarget,
} from 'nestjs-lockout';
import { definePolicy, minutes } from 'nestjs-lockout/policy';
import { type AdminApp, type AdminAppOptions, type SignedIn, startAdminApp } from '../admin-app.js';
import { type RawAnswer, type RawCall, rawCall } from './raw-call.js';

/** Two realms, each with an administrator who may do everything there and nothing in the other. */
export const CUSTOMERS = 'customers-7f3a';
export const STAFF = 'staff-9b2c';
export const CUSTOMERS_ADMIN = 'customers-admin';
export const STAFF_ADMIN = 'staff-admin';

export const ALICE = 'alice.kept@private.example';
export const BOB = 'bob.kept@private.example';
export const HOME = '203.0.113.77';
export const CAROL = 'carol.kept@inside.example';
export const OFFICE = '198.51.100.55';

export const POLICY = 'vault-login';
export const BRAND = 'brand-acme';
const BY_ADDRESS = 'vault-addresses';
export const WHY = 'called us, was verified';

/** Of the realm `customers-7f3a`, and of policies: nothing of it is for an administrator of the other realm. */
export const KEPT_FROM_STAFF = [
  ...[ALICE, BOB, HOME, POLICY, BY_ADDRESS, BRAND, CUSTOMERS_ADMIN],
  ...['kept-reason', 'kept-problem'],
];
/** Nothing of it is for whoever the guards do not admit. */
export const KEPT_FROM_STRANGERS = [
  ...KEPT_FROM_STAFF,
  ...[CAROL, OFFICE, STAFF_ADMIN, CUSTOMERS, STAFF, 'kept-support', WHY],
];

const policies = [
  definePolicy({
    name: POLICY,
    threshold: 3,
    window: { kind: 'idle', durationMs: minutes(60) },
    schedule: { kind: 'fixed', durationMs: minutes(5) },
    notify: { from: 1 },
  }),
  definePolicy({
    name: BY_ADDRESS,
    scope: ['address'],
    threshold: 3,
    schedule: { kind: 'fixed', durationMs: minutes(5) },
  }),
];

const TARGETS: readonly PolicyTarget[] = [
  { policy: POLICY, brand: null },
  { policy: POLICY, brand: BRAND },
];

/** Told of locks by hand, and takes none of them. */
const PAGER: LockoutSink = {
  name: 'pager',
  wants: (event) => event.type === 'locked' && event.cause === 'admin',
  deliver: async ({ facts }) => {
    throw new DeliveryRefusedError(`kept-problem: no pager of ${facts.accountLabel}`);
  },
};

/** One realm each, and policies and deliveries (`*`) with the customers'; less what a test takes away by a header. */
function can(action: string, realm: string, { headers }: SignedIn): boolean {
  if (headers['x-denied'] === action) return false;
  const own = headers['x-user'] === STAFF_ADMIN ? [STAFF] : [CUSTOMERS, '*'];
  return own.includes(realm);
}

/** An application with something locked in two realms, which knows itself by heart. */
export class MatrixHouse {
  private constructor(
    readonly admin: AdminApp,
    private readonly folder: string,
  ) {}

  static async open(options: AdminAppOptions): Promise<MatrixHouse> {
    const folder = mkdtempSync(join(tmpdir(), 'lockout-matrix-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>console</title>');
    writeFileSync(join(folder, 'assets', 'index-1.js'), '');
    const admin = await startAdminApp({
      ...options,
      lockout: {
        policies,
        cacheMs: 0,
        sinks: [PAGER],
        // Only when it is asked to.
        delivery: { dispatch: false },
        ...options.lockout,
      },
      admin: {
        can,
        realms: [CUSTOMERS, STAFF],
        support: (realm) => `kept-support of ${realm}`,
        consoleFolder: folder,
        ...options.admin,
      },
    });
    const house = new MatrixHouse(admin, folder);
    for (const brand of ['', `/brands/${BRAND}`]) {
      for (const [version, threshold] of [4, 3].entries()) {
        await house.settle('PUT', `/policies/${POLICY}${brand}`, `"${version}"`, {
          settings: { threshold },
          reason: 'kept-reason of a save',
        });
      }
    }
    return house;
  }

  /** Locked as in the beginning, whatever was unlocked meanwhile. */
  async restore(): Promise<void> {
    const { admin } = this;
    const guess = async (account: string, realm: string, address: string) => {
      if (!(await admin.isRefused(account, { realm, address }))) {
        await admin.fail(account, 3, { realm, address });
      }
    };
    await guess(ALICE, CUSTOMERS, HOME);
    await guess(CAROL, STAFF, OFFICE);
    // Each may have been unlocked by itself.
    await this.relock(ALICE);
    await this.relockAddress();
    if (await admin.isRefused(BOB, { realm: CUSTOMERS })) return;
    await this.settle('POST', `/accounts/${CUSTOMERS}/${BOB}/lock`, null, {
      until: null,
      reason: 'kept-reason of a lock',
    });
  }

  /** The id of a delivery that was given up, of Bob's lock. */
  async deadLetter(): Promise<string> {
    const deliver = async (): Promise<string | undefined> => {
      await this.admin.app.get(LockoutNotifier).runOnce();
      const { body } = await this.look<{ readonly items: readonly { readonly id: string }[] }>('/deliveries');
      return body.items[0]?.id;
    };
    const there = await deliver();
    if (there !== undefined) return there;
    // It was dropped.
    await this.settle('POST', `/accounts/${CUSTOMERS}/${BOB}/unlock`, null, { reason: WHY });
    await this.restore();
    const letter = await deliver();
    if (letter === undefined) throw new Error('Every lock by hand was paged.');
    return letter;
  }

  /** By the administrator whose business it is. */
  unlockAlice(): Promise<void> {
    return this.settle('POST', `/accounts/${CUSTOMERS}/${ALICE}/unlock`, null, { reason: WHY });
  }

  /** Whoever it is that the call's headers say. */
  send(call: RawCall): Promise<RawAnswer> {
    return rawCall(this.admin.url, call);
  }

  /** What the store has: records, events and policies, as its ports tell them. */
  async dump(): Promise<string> {
    // Both kinds of store keep policies and deliveries.
    const store = this.admin.engine.options.store as LockoutEngine['options']['store'] & PolicyStore & Outbox;
    const now = this.admin.clock.now();
    const everything = { state: 'any', sort: 'until', now, limit: 10_000 } as const;
    return JSON.stringify([
      await store.find({ of: 'account', ...everything }),
      await store.find({ of: 'address', ...everything }),
      await store.list({ limit: 10_000 }),
      await store.savedPolicies(),
      await Promise.all(TARGETS.map((target) => store.policyHistory(target, { limit: 100 }))),
      await store.deliveries({ state: 'waiting', limit: 1000 }),
      await store.deliveries({ state: 'dead', limit: 1000 }),
    ]);
  }

  /** What an administrator is answered who may look. */
  async look<Body>(
    path: string,
    user = CUSTOMERS_ADMIN,
  ): Promise<{ readonly body: Body; readonly etag: string }> {
    const answer = await this.send({
      method: 'GET',
      path: `/lockout${path}`,
      headers: { 'x-user': user },
    });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return { body: JSON.parse(answer.text) as Body, etag: String(answer.headers.etag ?? '') };
  }

  async close(): Promise<void> {
    await this.admin.close();
    rmSync(this.folder, { recursive: true });
  }

  private async relock(account: string): Promise<void> {
    const { engine } = this.admin;
    while ((await engine.judge({ account, realm: CUSTOMERS, method: 'password' })) === null) {
      const begun = await engine.begin({ account, realm: CUSTOMERS, method: 'password' });
      if (begun.allowed) await begun.attempt.fail();
    }
  }

  private async relockAddress(): Promise<void> {
    for (let guest = 0; ; guest += 1) {
      const attempt = { account: `guest-${guest}`, realm: CUSTOMERS, address: HOME, method: 'password' };
      const begun = await this.admin.engine.begin(attempt);
      if (!begun.allowed) return;
      await begun.attempt.fail();
    }
  }

  private async settle(method: string, path: string, ifMatch: string | null, body: object): Promise<void> {
    const answer = await this.send({
      method,
      path: `/lockout${path}`,
      headers: { ...rightful(CUSTOMERS_ADMIN), ...(ifMatch === null ? {} : { 'if-match': ifMatch }) },
      body: JSON.stringify(body),
    });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  }
}

/** What a change carries that is made from the console. */
export const rightful = (user: string) => ({
  'x-user': user,
  'x-lockout-admin': '1',
  'content-type': 'application/json',
});
