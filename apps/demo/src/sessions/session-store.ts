import { createHash } from 'node:crypto';
import { type SessionData, Store } from 'express-session';
import { LessThanOrEqual, type Repository } from 'typeorm';
import type { Clock } from '../config/clock.js';
import { whenNotBusy } from '../database/busy.js';
import { type AccountName, CUSTOMERS, type Realm } from '../users/realm.js';
import type { SessionRow } from './session.entity.js';

declare module 'express-session' {
  interface SessionData {
    /** Absent in sessions from before there were two. */
    realm?: Realm;
    /** Who is signed in; absent: nobody yet. */
    username?: string;
    /** Of the password hash at sign-in: a new password ends the session, whenever it was made. */
    stamp?: string;
  }
}

/** For cookies that end with the browser. */
const DEFAULT_LIFE_MS = 24 * 60 * 60_000;

type Done<T = unknown> = (error?: unknown, value?: T) => void;

const rowId = (sid: string): string => createHash('sha256').update(sid).digest('hex');

/** Keeps sessions in the database: instances share them, and a restart signs nobody out. */
export class DatabaseSessionStore extends Store {
  constructor(
    private readonly rows: Repository<SessionRow>,
    private readonly clock: Clock,
  ) {
    super();
  }

  override get(sid: string, done: Done<SessionData | null>): void {
    this.answer(done, async () => {
      const row = await this.rows.findOneBy({ id: rowId(sid) });
      return row && row.expiresAt > this.clock() ? (JSON.parse(row.data) as SessionData) : null;
    });
  }

  override set(sid: string, session: SessionData, done: Done = () => undefined): void {
    const { realm = CUSTOMERS, username = '' } = session;
    const expiresAt = this.expiry(session);
    const row = { id: rowId(sid), realm, username, data: JSON.stringify(session), expiresAt };
    this.answer(done, () => whenNotBusy(() => this.rows.upsert(row, ['id'])));
  }

  override touch(sid: string, session: SessionData, done: Done = () => undefined): void {
    const change = { data: JSON.stringify(session), expiresAt: this.expiry(session) };
    this.answer(done, () => whenNotBusy(() => this.rows.update({ id: rowId(sid) }, change)));
  }

  override destroy(sid: string, done: Done = () => undefined): void {
    this.answer(done, () => whenNotBusy(() => this.rows.delete({ id: rowId(sid) })));
  }

  /** Signs somebody out everywhere. */
  async destroyAllOf({ realm, username }: AccountName): Promise<void> {
    await whenNotBusy(() => this.rows.delete({ realm, username }));
  }

  async prune(): Promise<void> {
    await whenNotBusy(() => this.rows.delete({ expiresAt: LessThanOrEqual(this.clock()) }));
  }

  private expiry({ cookie }: SessionData): number {
    return this.clock() + (cookie.originalMaxAge ?? DEFAULT_LIFE_MS);
  }

  private answer<T>(done: Done<T>, work: () => Promise<T>): void {
    work().then(
      (value) => done(null, value),
      (error: unknown) => done(error),
    );
  }
}
