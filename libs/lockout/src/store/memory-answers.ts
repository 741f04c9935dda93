import {
  answerHash,
  answerToken,
  claimOn,
  decodeAnswer,
  encodeAnswer,
  encodeClaim,
  outlivedAt,
  type StoredAnswer,
} from './answer-row.js';
import type { AnswerClaim, AnswerLives, AnswerRequest, AnswerStore, KeptAnswer } from './answer-store.js';
import type { ColumnValue } from './codec.js';

/** Most rows that one claim drops; the next one goes on. */
const MAX_DROPPED = 64;

/** Kept answers, in this process only: as rows, the latest claimed last. */
export class MemoryAnswers implements AnswerStore {
  private readonly rows = new Map<string, ColumnValue[]>();

  constructor(private readonly clock: () => number) {}

  /** How many rows there are. */
  get size(): number {
    return this.rows.size;
  }

  async claimAnswer(request: AnswerRequest, lives: AnswerLives): Promise<AnswerClaim> {
    const now = this.clock();
    const row = encodeClaim(request, now);
    const stored = this.find(request.id);
    const claim = stored && claimOn(stored, request, lives, now);
    if (claim) return claim;
    this.rows.delete(request.id);
    this.rows.set(request.id, row);
    this.drop(outlivedAt(lives, now));
    return { state: 'claimed' };
  }

  async keepAnswer(id: string, token: string, answer: KeptAnswer): Promise<void> {
    const kept = encodeAnswer(answer);
    const row = this.claimed(id, token);
    if (row) this.rows.set(id, [...row.slice(0, -kept.length), ...kept]);
  }

  async dropClaim(id: string, token: string): Promise<void> {
    if (this.claimed(id, token)) this.rows.delete(id);
  }

  /** The row, where it is this token's claim and has no answer yet. */
  private claimed(id: string, token: string): ColumnValue[] | undefined {
    answerHash('id', id);
    answerToken(token);
    const stored = this.find(id);
    return stored?.token === token && stored.answer === null ? this.rows.get(id) : undefined;
  }

  private find(id: string): StoredAnswer | null {
    const row = this.rows.get(id);
    return row ? decodeAnswer(row) : null;
  }

  private drop(before: number): void {
    let dropped = 0;
    for (const [id, row] of this.rows) {
      if (dropped === MAX_DROPPED || decodeAnswer(row).at > before) return;
      this.rows.delete(id);
      dropped += 1;
    }
  }
}
