import { describe, expect, it } from '@jest/globals';
import type { AnswerClaim, AnswerLives, AnswerRequest, KeptAnswer } from 'nestjs-lockout';
import { answerStoreContract, FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { brokenLaws } from '../support/declared-laws.js';

const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Looks whether the id is free, and takes it later: the read and the write are two. */
class LateClaimer extends MemoryLockoutStore {
  override async claimAnswer(request: AnswerRequest, lives: AnswerLives): Promise<AnswerClaim> {
    const [claim] = await Promise.all([
      super.claimAnswer(request, lives),
      super.dropClaim(request.id, request.token),
    ]);
    await aTurn();
    if (claim.state !== 'claimed') return claim;
    await super.claimAnswer(request, lives);
    return claim;
  }
}

/** Tells whoever comes with the id what was answered, whatever was asked. */
class Gossip extends MemoryLockoutStore {
  override claimAnswer(request: AnswerRequest, lives: AnswerLives): Promise<AnswerClaim> {
    return super.claimAnswer({ ...request, request: request.id }, lives);
  }
}

/** Lets anybody answer, as if who claims first were the owner for good. */
class NoOwner extends MemoryLockoutStore {
  private readonly tokens = new Map<string, string>();

  override async claimAnswer(request: AnswerRequest, lives: AnswerLives): Promise<AnswerClaim> {
    const claim = await super.claimAnswer(request, lives);
    if (claim.state === 'claimed') this.tokens.set(request.id, request.token);
    return claim;
  }

  override keepAnswer(id: string, token: string, answer: KeptAnswer): Promise<void> {
    return super.keepAnswer(id, this.tokens.get(id) ?? token, answer);
  }
}

/** Waits for an owner that died as long as for an answer. */
class Patient extends MemoryLockoutStore {
  override claimAnswer(request: AnswerRequest, { keepMs }: AnswerLives): Promise<AnswerClaim> {
    return super.claimAnswer(request, { claimMs: keepMs, keepMs });
  }
}

/** Keeps what is text in the sense of JSON, mending the rest. */
class Mender extends MemoryLockoutStore {
  override keepAnswer(id: string, token: string, { status, body }: KeptAnswer): Promise<void> {
    const mended = Buffer.from(body.slice(0, 21_845).trim()).toString();
    return super.keepAnswer(id, token, { status, body: mended });
  }
}

const brokenBy = (Store: typeof MemoryLockoutStore): Promise<string[]> =>
  brokenLaws((runner) =>
    answerStoreContract(runner, Store.name, async () => {
      const clock = new FakeClock();
      return {
        store: new Store(clock.now),
        advance: (ms) => clock.advance(ms),
        close: async () => undefined,
      };
    }),
  );

describe('the contract of kept answers', () => {
  it('holds for a store that is not broken', async () => {
    expect(await brokenBy(MemoryLockoutStore)).toEqual([]);
  });

  it.each<[typeof MemoryLockoutStore, RegExp]>([
    [LateClaimer, /^of many claims at once one wins, and/],
    [LateClaimer, /^of many who take it over/],
    [Gossip, /^tells another request/],
    [NoOwner, /^keeps an answer of the claim only/],
    [NoOwner, /^taken over, the first owner/],
    [Patient, /^a claim whose owner died/],
    [Mender, /^keeps an answer as it is/],
    [Mender, /^rejects what no row can hold/],
  ])('is broken by %p, where it says %p', async (Store, law) => {
    const broken = await brokenBy(Store);
    expect(broken.filter((title) => law.test(title))).toHaveLength(1);
  });
});
