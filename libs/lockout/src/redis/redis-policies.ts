import { randomBytes } from 'node:crypto';
import { recordedOf } from '../store/audit-entry.js';
import type { AuditEntry } from '../store/audit-log.js';
import { fromHex, integer } from '../store/codec.js';
import type { Page, PageRequest } from '../store/directory.js';
import type { LockoutStore } from '../store/lockout-store.js';
import { limitOf } from '../store/page.js';
import { appendUntilKnown } from '../store/policy-append.js';
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
import { monotonic } from './clock.js';
import { SAVE_POLICY } from './entry-scripts.js';
import { packRow, unpackRow } from './packed-row.js';
import { SAVED_POLICIES } from './policy-scripts.js';
import { bytesOf, listOf } from './redis-answer.js';
import { BESIDE_PARTS, entryArguments } from './redis-changes.js';
import type { RedisArgument, RedisConnection } from './redis-connection.js';
import { namesOf, type Shards } from './shards.js';

/** Before each row: whose save it was. */
const TOKEN_BYTES = 16;

/** Saved policies: rows are added, never changed or deleted, so what was once seen stays true. */
export class RedisPolicies implements PolicyStore {
  private readonly versions: string;
  private readonly revisions: string;
  /** Where a save's event is recorded: in the slot of the policies. */
  private readonly beside: readonly string[];

  constructor(
    private readonly connection: RedisConnection,
    private readonly clock: Pick<LockoutStore, 'load'>,
    { prefix, beside }: Shards,
  ) {
    this.versions = `${prefix}{policies}:versions`;
    this.revisions = `${prefix}{policies}:revisions`;
    this.beside = namesOf([beside], BESIDE_PARTS);
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

  async savePolicy(save: PolicySave, entry?: AuditEntry): Promise<PolicyRevision | null> {
    const target = targetHash(save);
    if ((await this.latestVersion(target)) !== save.expected) return null;
    const { now } = await this.clock.load([]);
    const row = encodeRevision(save, now);
    const stored = Buffer.concat([randomBytes(TOKEN_BYTES), packRow(row)]);
    const event = entry ? [now, ...entryArguments(recordedOf(entry, now), entry.deliverTo)] : ['', ''];
    return (await this.append(target, save.expected, [stored, ...event])) ? decodeRevision(row) : null;
  }

  async policyHistory(target: PolicyTarget, { limit, cursor }: PageRequest): Promise<Page<PolicyRevision>> {
    const most = limitOf(limit);
    const hash = targetHash(target);
    const before =
      cursor === undefined ? (await this.latestVersion(hash)) + 1 : versionBefore(target, cursor);
    const versions = Array.from({ length: Math.min(most, before - 1) }, (_, n) => before - 1 - n);
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

  /** 0 where nothing was ever saved. */
  private async latestVersion(hash: string): Promise<number> {
    const latest = await this.connection.call('hget', this.versions, fromHex(hash));
    return latest === null ? 0 : integer('version', String(bytesOf(latest)));
  }

  /** Sent again with the same token a save is still the same one, so an unknown outcome is asked for by sending it (R4). */
  private append(target: string, expected: number, saved: readonly RedisArgument[]): Promise<boolean> {
    return appendUntilKnown(async () => {
      const won = await this.connection.run(
        SAVE_POLICY,
        [this.versions, this.revisions, ...this.beside],
        [fromHex(target), expected, expected + 1, ...saved],
      );
      return won === 1;
    }, monotonic);
  }
}

function decode(stored: unknown): PolicyRevision {
  return decodeRevision(unpackRow(bytesOf(stored).subarray(TOKEN_BYTES), REVISION_FIELDS.length));
}
