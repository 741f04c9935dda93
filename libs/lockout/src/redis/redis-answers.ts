import { answerHash, answerToken, encodeAnswer, keptAnswer } from '../store/answer-row.js';
import type {
  AnswerClaim,
  AnswerLives,
  AnswerRequest,
  AnswerStore,
  KeptAnswer,
} from '../store/answer-store.js';
import { StoreError } from '../store/store-error.js';
import { CLAIM_ANSWER, DROP_CLAIM, KEEP_ANSWER } from './answer-scripts.js';
import { bytesOf, listOf } from './redis-answer.js';
import type { RedisConnection } from './redis-connection.js';

/** Kept answers: one name each, so that a Cluster spreads them over its slots, and the server drops the old ones. */
export class RedisAnswers implements AnswerStore {
  constructor(
    private readonly connection: RedisConnection,
    private readonly clock: (() => number) | undefined,
    /** Before every name. */
    private readonly prefix: string,
  ) {}

  async claimAnswer(request: AnswerRequest, { claimMs, keepMs }: AnswerLives): Promise<AnswerClaim> {
    const [state, status, body] = listOf(
      await this.connection.run(
        CLAIM_ANSWER,
        [this.nameOf(request.id)],
        [
          this.clock?.() ?? '',
          answerHash('request', request.request),
          answerToken(request.token),
          ...[claimMs, keepMs, Math.max(claimMs, keepMs)],
        ],
      ),
    );
    const said = String(bytesOf(state));
    switch (said) {
      case 'claimed':
      case 'pending':
      case 'other-request':
        return { state: said };
      case 'answered':
        return { state: said, ...keptAnswer(String(bytesOf(status)), body) };
      default:
        throw new StoreError('data', `A lockout script answered ${said} to a claim`);
    }
  }

  async keepAnswer(id: string, token: string, answer: KeptAnswer): Promise<void> {
    await this.connection.run(KEEP_ANSWER, [this.nameOf(id)], [answerToken(token), ...encodeAnswer(answer)]);
  }

  async dropClaim(id: string, token: string): Promise<void> {
    await this.connection.run(DROP_CLAIM, [this.nameOf(id)], [answerToken(token)]);
  }

  private nameOf(id: string): string {
    return `${this.prefix}{${answerHash('id', id).toString('hex')}}:answer`;
  }
}
