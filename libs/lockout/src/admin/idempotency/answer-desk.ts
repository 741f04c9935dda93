import type { AnswerStore } from '../../store/answer-store.js';
import { Problem } from '../problem.js';
import type { AnswerSeal } from './answer-seal.js';
import { IDEMPOTENCY_HEADER } from './idempotency-key.js';
import { answerOf, type PastAnswer, textOf } from './past-answer.js';

/** How long a call may take before its key counts as free again: its process died, ms. */
export const CLAIM_MS = 60_000;
/** How long an answer is kept, ms. */
export const KEEP_MS = 24 * 60 * 60_000;

const TOKEN_BYTES = 16;

/** A call that was sent with a key. */
export interface KeyedCall {
  readonly key: string;
  /** Which admin API, as applications mount several. */
  readonly mount: string;
  readonly actor: string;
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly ifMatch: string | undefined;
  readonly body: unknown;
}

/** The right to make a call, to be ended by one of these. */
export interface Claim {
  keep(answer: PastAnswer): Promise<void>;
  /** So that it can be repeated. */
  drop(): Promise<void>;
}

/** Another process or request is making this very call now. */
export class StillRunning extends Problem {
  constructor() {
    super(409, `The first call with this ${IDEMPOTENCY_HEADER} is still being made.`);
  }
}

/** Sees to it that of the calls with one key only one is made. */
export class AnswerDesk {
  constructor(
    private readonly store: AnswerStore,
    private readonly seal: AnswerSeal,
    private readonly token: (bytes: number) => string,
  ) {}

  /**
   * The right to make the call, or what it was answered before.
   * @throws {Problem} 409 while it is being made; 422 the key was used for another call.
   */
  async claim({ key, mount, actor, method, url, ifMatch, body }: KeyedCall): Promise<Claim | PastAnswer> {
    const { seal, store } = this;
    const id = seal.name('id', mount, actor, key);
    const token = this.token(TOKEN_BYTES);
    const request = seal.name('request', method, url, ifMatch ?? null, body ?? null);
    const claimed = await store.claimAnswer({ id, request, token }, { claimMs: CLAIM_MS, keepMs: KEEP_MS });
    switch (claimed.state) {
      case 'claimed':
        return {
          keep: (answer) =>
            store.keepAnswer(id, token, { status: answer.status, body: seal.seal(textOf(answer), id) }),
          drop: () => store.dropClaim(id, token),
        };
      case 'answered':
        return answerOf(claimed.status, seal.open(claimed.body, id));
      case 'pending':
        throw new StillRunning();
      case 'other-request': {
        const message = 'was used for another call; take a new one for each call, the same to repeat it';
        throw new Problem(422, `${IDEMPOTENCY_HEADER} ${message}. Nothing was changed.`, {
          errors: [{ path: IDEMPOTENCY_HEADER, message }],
        });
      }
      default:
        return claimed satisfies never;
    }
  }
}
