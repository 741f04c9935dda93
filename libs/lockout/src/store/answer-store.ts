/** A request that names itself (`Idempotency-Key`), and whose try it is. Lower-case hex digits throughout. */
export interface AnswerRequest {
  /** 64 digits: a hash of who asks, of what, and of the key that came with it. */
  readonly id: string;
  /** 64 digits: a hash of the whole request, so that another one under the same key is noticed. */
  readonly request: string;
  /** 32 digits, drawn for this try: whose claim it is. */
  readonly token: string;
}

/** How long things stay, ms > 0, both counted from the claim. Whoever shares a store gives the same. */
export interface AnswerLives {
  /** A claim without an answer: its owner may have died. Longer than a call can take. */
  readonly claimMs: number;
  /** An answer. */
  readonly keepMs: number;
}

export interface KeptAnswer {
  /** 100 to 999. */
  readonly status: number;
  /** Well-formed text, at most 65,535 bytes of UTF-8. */
  readonly body: string;
}

/**
 * What became of a claim. `claimed`: it is ours. `pending`: somebody else is at this very request. `other-request`: the id
 * was taken for another one. `answered`: this request was made before, and this is what it was told.
 */
export type AnswerClaim =
  | { readonly state: 'claimed' }
  | { readonly state: 'pending' }
  | { readonly state: 'other-request' }
  | ({ readonly state: 'answered' } & KeptAnswer);

/**
 * Answers to requests that must not be carried out twice, kept for the case that they are sent again.
 * `testing/answer-store-contract` is the suite every implementation passes.
 *
 * Time is the store's clock. Every method rejects with `StoreError` when the store cannot answer, and for what no row can
 * hold (`data`). Where the outcome is unknown each may be sent again: with the same token it is the same try.
 */
export interface AnswerStore {
  /**
   * Takes the id for this request, or says what it was taken for. Of any number of callers one is told `claimed`, until the
   * claim is dropped, or outlived: what is as old as its life counts as absent, and is taken over. Drops a few rows of
   * others that are older than both lives.
   */
  claimAnswer(request: AnswerRequest, lives: AnswerLives): Promise<AnswerClaim>;
  /** Keeps the answer of a claim. Does nothing where the claim is no longer this token's, or has an answer. */
  keepAnswer(id: string, token: string, answer: KeptAnswer): Promise<void>;
  /** Gives a claim without an answer back, so that the request can be made again. Does nothing where it is not ours. */
  dropClaim(id: string, token: string): Promise<void>;
}

/** Whether a store keeps answers; the port is optional. */
export const isAnswerStore = (store: object): store is AnswerStore =>
  (['claimAnswer', 'keepAnswer', 'dropClaim'] as const).every(
    (method) => typeof Reflect.get(store, method) === 'function',
  );
