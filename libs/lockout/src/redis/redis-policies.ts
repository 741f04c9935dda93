import { randomBytes } from 'node:crypto';
import { fromHex, integer } from '../store/codec.js';
import type { Page, PageRequest } from '../store/directory.js';
import type { LockoutStore } from '../store/lockout-store.js';
import {
  decodeRevision,
  encodeRevision,
  historyCursor,
  REVISION_FIELDS,
  targetHash,
  versionBefore,
} from '../store/policy-row.js';
import type {
  PolicyRevision,
  PolicySave,
  PolicyStore,
  PolicyTarget,
  SavedPolicies,
} from '../store/policy-store.js';
import { StoreError } from '../store/store-error.js';
import { monotonic } from './clock.js';
import { packRow, unpackRow } from './packed-row.js';
import { SAVE_POLICY, SAVED_POLICIES } from './policy-scripts.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisConnection } from './redis-connection.js';

/** How long and how often a save whose fate is unknown is sent again, ms (R30) and times. */
const PATIENCE_MS = 2_000;
const MAX_TRIES = 8;
/** Before each row: whose save it was. */
const TOKEN_BYTES = 16;

/** Saved policies: rows are added, never changed or deleted, so what was once seen stays true. */
export class RedisPolicies implements PolicyStore {
  private readonly versions: string;
  private readonly revisions: string;

  constructor(
    private readonly connection: RedisConnection,
    private readonly clock: Pick<LockoutStore, 'load'>,
    /** Before every name. */
    prefix: string,
  ) {
    this.versions = `${prefix}{policies}:versions`;
    this.revisions = `${prefix}{policies}:revisions`;
  }

  async policyCount(): Promise<number> {
    return integer('count', await this.connection.call('hlen', this.revisions));
  }

  async savedPolicies(): Promise<SavedPolicies> {
    const [count, ...rows] = listOf(
      await this.connection.run(SAVED_POLICIES, [this.versions, this.revisions], []),
    );
    return { count: integer('count', count), revisions: rows.map(decode) };
  }

  async savePolicy(save: PolicySave): Promise<PolicyRevision | null> {
    const target = targetHash(save);
    const latest = await this.connection.call('hget', this.versions, fromHex(target));
    if ((latest === null ? 0 : integer('version', String(bytesOf(latest)))) !== save.expected) return null;
    const row = encodeRevision(save, (await this.clock.load([])).now);
    const stored = Buffer.concat([randomBytes(TOKEN_BYTES), packRow(row)]);
    return (await this.append(target, save.expected, stored)) ? decodeRevision(row) : null;
  }

  async policyHistory(target: PolicyTarget, { limit, cursor }: PageRequest): Promise<Page<PolicyRevision>> {
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw new RangeError(`A page has at least one item, not ${limit}`);
    const hash = targetHash(target);
    const before = cursor === undefined ? await this.nextVersion(hash) : versionBefore(target, cursor);
    const versions = Array.from({ length: Math.min(limit, before - 1) }, (_, n) => before - 1 - n);
    if (versions.length === 0) return { items: [], nextCursor: null };
    const rows = listOf(
      await this.connection.call(
        'hmget',
        this.revisions,
        ...versions.map((version) => Buffer.concat([fromHex(hash), Buffer.from(`:${version}`)])),
      ),
    );
    const items = rows.filter((row) => row !== null).map(decode);
    const last = items.at(-1);
    return { items, nextCursor: last && last.version > 1 ? historyCursor(target, last.version) : null };
  }

  private async nextVersion(hash: string): Promise<number> {
    const latest = await this.connection.call('hget', this.versions, fromHex(hash));
    return latest === null ? 1 : integer('version', String(bytesOf(latest))) + 1;
  }

  /** Sent again with the same token a save is still the same one, so an unknown outcome is asked for by sending it (R4). */
  private async append(target: string, expected: number, stored: Buffer): Promise<boolean> {
    const deadline = monotonic() + PATIENCE_MS;
    for (let tries = 1; ; tries += 1) {
      try {
        const won = await this.connection.run(
          SAVE_POLICY,
          [this.versions, this.revisions],
          [fromHex(target), expected, expected + 1, stored],
        );
        return won === 1;
      } catch (error) {
        const failure = StoreError.from(error);
        if (failure.fault === 'data' || tries === MAX_TRIES || monotonic() >= deadline) throw failure;
      }
    }
  }
}

function decode(stored: unknown): PolicyRevision {
  return decodeRevision(unpackRow(bytesOf(stored).subarray(TOKEN_BYTES), REVISION_FIELDS.length));
}
