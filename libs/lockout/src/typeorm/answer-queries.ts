import {
  ANSWER_FIELDS,
  type AnswerField,
  answerHash,
  answerToken,
  claimOn,
  decodeAnswer,
  encodeAnswer,
  encodeClaim,
  outlivedAt,
  type StoredAnswer,
} from '../store/answer-row.js';
import type {
  AnswerClaim,
  AnswerLives,
  AnswerRequest,
  AnswerStore,
  KeptAnswer,
} from '../store/answer-store.js';
import { fromHex } from '../store/codec.js';
import { StoreError } from '../store/store-error.js';
import type { Dialect } from './dialect.js';
import { columnList, type LockoutTables, type TableNames } from './lockout-tables.js';

/** How often a claim is tried while others change the same row each time. */
const MAX_TRIES = 8;
/** Rows that one claim drops at most; the next one goes on. */
const MAX_DROPPED = 64;

/** Kept answers: one row each. The primary key decides who claims an absent one, the token who takes over an old one. */
export class AnswerQueries implements AnswerStore {
  private readonly table: TableNames<AnswerField>;

  constructor(
    private readonly dialect: Dialect,
    tables: LockoutTables,
  ) {
    this.table = tables.answer;
  }

  async claimAnswer(request: AnswerRequest, lives: AnswerLives): Promise<AnswerClaim> {
    let stored: StoredAnswer | null = null;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const { now } = await this.dialect.load([]);
      const failure = stored ? await this.takeOver(stored, request, now) : await this.insert(request, now);
      // What became of it the row tells: a count of changed rows does not (R23), nor does an error (R4).
      stored = await this.find(request.id);
      if (!stored) {
        if (failure && failure.fault !== 'contention') throw failure;
        continue;
      }
      const claim = claimOn(stored, request, lives, now);
      if (!claim) continue;
      if (claim.state === 'claimed') await this.drop(outlivedAt(lives, now));
      return claim;
    }
    throw new StoreError('contention', 'A kept answer changed each time that it was claimed');
  }

  async keepAnswer(id: string, token: string, answer: KeptAnswer): Promise<void> {
    const { path, columns } = this.table;
    await this.dialect.change(
      `UPDATE ${path} SET ${columns.status} = ?, ${columns.body} = ? ` +
        `WHERE ${columns.id} = ? AND ${columns.token} = ? AND ${columns.status} IS NULL`,
      [...encodeAnswer(answer), answerHash('id', id), answerToken(token)],
    );
  }

  async dropClaim(id: string, token: string): Promise<void> {
    const { path, columns } = this.table;
    await this.dialect.change(
      `DELETE FROM ${path} WHERE ${columns.id} = ? AND ${columns.token} = ? AND ${columns.status} IS NULL`,
      [answerHash('id', id), answerToken(token)],
    );
  }

  private async find(id: string): Promise<StoredAnswer | null> {
    const [row] = await this.dialect.query(
      `SELECT ${columnList(this.table, ANSWER_FIELDS)} FROM ${this.table.path} WHERE ${this.table.columns.id} = ?`,
      [answerHash('id', id)],
    );
    return row ? decodeAnswer(row) : null;
  }

  private insert(request: AnswerRequest, now: number): Promise<StoreError | null> {
    const row = encodeClaim(request, now);
    const columns = ANSWER_FIELDS.map((field) => this.table.columns[field]);
    return failureOf(this.dialect.insertIfAbsent(this.table.path, columns, row));
  }

  /** Writes the claim over what stands there, if that still does: its owner may answer at this very moment. */
  private takeOver(old: StoredAnswer, request: AnswerRequest, now: number): Promise<StoreError | null> {
    const { path, columns } = this.table;
    const [id = null, ...row] = encodeClaim(request, now);
    const assignments = ANSWER_FIELDS.slice(1).map((field) => `${columns[field]} = ?`);
    return failureOf(
      this.dialect.change(
        `UPDATE ${path} SET ${assignments.join(', ')} WHERE ${columns.id} = ? AND ${columns.token} = ? ` +
          `AND ${columns.at} = ? AND ${columns.status} IS ${old.answer ? 'NOT NULL' : 'NULL'}`,
        [...row, id, fromHex(old.token), old.at],
      ),
    );
  }

  /** By their ids, so that no row that somebody is at is held meanwhile. That it fails is nobody's failure. */
  private async drop(outlived: number): Promise<void> {
    const { path, columns } = this.table;
    try {
      const old = await this.dialect.query(
        `SELECT ${columns.id} FROM ${path} WHERE ${columns.at} <= ? ORDER BY ${columns.at} LIMIT ${MAX_DROPPED}`,
        [outlived],
      );
      if (old.length === 0) return;
      // Always as many, so that it is one statement text.
      const ids = Array.from({ length: MAX_DROPPED }, (_, n) => (old[n] ?? old[0])?.[0] as Buffer);
      await this.dialect.change(
        `DELETE FROM ${path} WHERE ${columns.id} IN (${ids.map(() => '?').join(', ')}) AND ${columns.at} <= ?`,
        [...ids, outlived],
      );
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
}

/** Null: it did what it was to do, or nothing. */
async function failureOf(change: Promise<unknown>): Promise<StoreError | null> {
  try {
    await change;
    return null;
  } catch (error) {
    return StoreError.from(error);
  }
}
