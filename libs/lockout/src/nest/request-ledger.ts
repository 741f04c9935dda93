import { type AccountRef, resolveAccount } from '../key/account.js';
import { normaliseRealm } from '../key/realm.js';
import type { Method } from '../policy/policy.js';
import { rawRequest } from './request-facts.js';

interface Entry {
  readonly attempts: Set<string>;
  readonly accounts: Map<string, Promise<string | null>>;
  startedAt: number | null;
}

const nameOf = (method: Method, account: AccountRef, realm: string | undefined): string =>
  JSON.stringify([method, normaliseRealm(realm), resolveAccount(account).subject]);

/** What is known of one HTTP request while it lives; forgotten with it. */
export class RequestLedger {
  private readonly entries = new WeakMap<object, Entry>();

  /** A strategy began an attempt on this request. */
  began(request: unknown, method: Method, account: AccountRef, realm: string | undefined): void {
    this.entry(request)?.attempts.add(nameOf(method, account, realm));
  }

  /** Whether one did, with the same method and account: then the handler must not charge again (R41). */
  hasBegun(request: unknown, method: Method, account: AccountRef, realm: string | undefined): boolean {
    return this.entry(request)?.attempts.has(nameOf(method, account, realm)) ?? false;
  }

  /** One lookup of an identifier for one request, however many layers ask. */
  account(request: unknown, identifier: string, find: () => Promise<string | null>): Promise<string | null> {
    const accounts = this.entry(request)?.accounts;
    const known = accounts?.get(identifier);
    if (known) return known;
    const found = find();
    accounts?.set(identifier, found);
    return found;
  }

  /** Monotonic ms at which this request was first asked about. */
  startedAt(request: unknown, now: number): number {
    const entry = this.entry(request);
    if (!entry) return now;
    entry.startedAt ??= now;
    return entry.startedAt;
  }

  private entry(request: unknown): Entry | undefined {
    const raw = rawRequest(request);
    if (!raw) return undefined;
    let entry = this.entries.get(raw);
    if (!entry) {
      entry = { attempts: new Set(), accounts: new Map(), startedAt: null };
      this.entries.set(raw, entry);
    }
    return entry;
  }
}
