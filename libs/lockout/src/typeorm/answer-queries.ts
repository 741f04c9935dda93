import {
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
import type { KeyedTable } from './keyed-table.js';

/** How often a claim is tried while others change the same row each time. */
const MAX_TRIES = 8;

/** Kept answers: one row each. The primary key decides who claims an absent one, the token who takes over an old one. */
export class AnswerQueries implements AnswerStore {
  constructor(private readonly rows: KeyedTable<AnswerField>) {}

  async claimAnswer(request: AnswerRequest, lives: AnswerLives): Promise<AnswerClaim> {
    let stored: StoredAnswer | null = null;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const now = await this.rows.now();
      const failure = await failureOf(
        stored ? this.takeOver(stored, request, now) : this.rows.insert(encodeClaim(request, now)),
      );
      // What became of it the row tells: a count of changed rows does not (R23), nor does an error (R4).
      stored = await this.find(request.id);
      if (!stored) {
        if (failure && failure.fault !== 'contention') throw failure;
        continue;
      }
      const claim = claimOn(stored, request, lives, now);
      if (!claim) continue;
      if (claim.state === 'claimed') await this.rows.tidy('at', outlivedAt(lives, now));
      return claim;
    }
    throw new StoreError('contention', 'A kept answer changed each time that it was claimed');
  }

  async keepAnswer(id: string, token: string, answer: KeptAnswer): Promise<void> {
    const { columns } = this.rows;
    await this.rows.update(
      `${columns.status} = ?, ${columns.body} = ?`,
      `${columns.id} = ? AND ${columns.token} = ? AND ${columns.status} IS NULL`,
      [...encodeAnswer(answer), answerHash('id', id), answerToken(token)],
    );
  }

  async dropClaim(id: string, token: string): Promise<void> {
    const { columns } = this.rows;
    await this.rows.delete(`${columns.id} = ? AND ${columns.token} = ? AND ${columns.status} IS NULL`, [
      answerHash('id', id),
      answerToken(token),
    ]);
  }

  private async find(id: string): Promise<StoredAnswer | null> {
    const row = await this.rows.find(answerHash('id', id));
    return row && decodeAnswer(row);
  }

  /** Writes the claim over what stands there, if that still does: its owner may answer at this very moment. */
  private takeOver(old: StoredAnswer, request: AnswerRequest, now: number): Promise<number> {
    const { columns } = this.rows;
    return this.rows.replace(
      encodeClaim(request, now),
      `${columns.token} = ? AND ${columns.at} = ? AND ${columns.status} IS ${old.answer ? 'NOT NULL' : 'NULL'}`,
      [fromHex(old.token), old.at],
    );
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
