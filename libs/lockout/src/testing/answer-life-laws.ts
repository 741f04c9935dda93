import { deepEqual } from 'node:assert/strict';
import type { AnswerRequest, AnswerStore } from '../store/answer-store.js';
import { ANSWER, again, answerRequest, claimed, claims, LIVES } from './answer-keeping-laws.js';
import type { AnswerLaw } from './answer-store-contract.js';
import { timedBy } from './port-law.js';

const LATE = { status: 500, body: 'from beyond' };

/** What time does to claims and answers. */
export function answerLifeLaws(law: AnswerLaw, callers: number): void {
  const timed = timedBy(law);
  const answers = async (store: AnswerStore, request: AnswerRequest = answerRequest()) => {
    await claims(store, request);
    await store.keepAnswer(request.id, request.token, ANSWER);
    return request;
  };

  timed('a claim whose owner died is pending for so long, and can be taken over then', async (opened) => {
    const { store, other, advance } = opened;
    const first = await claims(store);
    await advance(LIVES.claimMs - 1);
    deepEqual(await claimed(other, again(first)), { state: 'pending' });
    deepEqual(await claimed(other, answerRequest({ id: first.id })), { state: 'other-request' });
    await advance(1);
    const second = await claims(other, answerRequest({ id: first.id }));
    deepEqual(await claimed(store, again(second)), { state: 'pending' });
    deepEqual(await claimed(store, again(first)), { state: 'other-request' });
    await advance(LIVES.claimMs - 1);
    deepEqual(await claimed(store, again(second)), { state: 'pending' });
  });

  timed('taken over, the first owner can neither answer nor drop it', async ({ store, other, advance }) => {
    const first = await claims(store);
    await advance(LIVES.claimMs);
    const second = await claims(other, again(first));
    await store.keepAnswer(first.id, first.token, LATE);
    await store.dropClaim(first.id, first.token);
    deepEqual(await claimed(store, again(first)), { state: 'pending' });
    await other.keepAnswer(second.id, second.token, ANSWER);
    await store.keepAnswer(first.id, first.token, LATE);
    deepEqual(await claimed(store, again(first)), { state: 'answered', ...ANSWER });
  });

  timed('nobody having taken it over, a slow owner still answers', async ({ store, other, advance }) => {
    const first = await claims(store);
    await advance(LIVES.claimMs);
    await store.keepAnswer(first.id, first.token, ANSWER);
    deepEqual(await claimed(other, again(first)), { state: 'answered', ...ANSWER });
  });

  timed('of many who take it over at once one wins', async ({ store, other, advance }) => {
    for (const before of [() => claims(store), () => answers(store)]) {
      const first = await before();
      await advance(LIVES.keepMs);
      const states = await Promise.all(
        Array.from({ length: callers }, async (_, n) => {
          return (await claimed(n % 2 === 0 ? store : other, again(first))).state;
        }),
      );
      deepEqual(states.sort(), ['claimed', ...Array<string>(callers - 1).fill('pending')]);
    }
  });

  timed('an owner who answers while it is taken over wins or loses, whole', async (opened) => {
    const { store, other, advance } = opened;
    for (let round = 0; round < 8; round += 1) {
      const first = await claims(store);
      await advance(LIVES.claimMs);
      const second = again(first);
      const [claim] = await Promise.all([
        claimed(other, second),
        store.keepAnswer(first.id, first.token, ANSWER),
      ]);
      const after = await claimed(store, again(first));
      if (claim.state === 'claimed') deepEqual(after, { state: 'pending' });
      else deepEqual([claim, after], Array(2).fill({ state: 'answered', ...ANSWER }));
    }
  });

  timed('an answer is told for so long since its claim, and forgotten then', async (opened) => {
    const { store, other, advance } = opened;
    const first = await claims(store);
    await advance(LIVES.claimMs / 2);
    await store.keepAnswer(first.id, first.token, ANSWER);
    await advance(LIVES.keepMs - LIVES.claimMs / 2 - 1);
    deepEqual(await claimed(other, again(first)), { state: 'answered', ...ANSWER });
    await advance(1);
    const second = await claims(other, answerRequest({ id: first.id }));
    deepEqual(await claimed(store, again(second)), { state: 'pending' });
    await other.keepAnswer(second.id, second.token, { status: 204, body: '' });
    deepEqual(await claimed(store, again(second)), { state: 'answered', status: 204, body: '' });
  });

  timed('with many that are outlived, what is not stays', async (opened) => {
    const { store, other, advance } = opened;
    const old: AnswerRequest[] = [];
    for (let n = 0; n < 100; n += 1) old.push(await (n % 2 === 0 ? claims(store) : answers(store)));
    await advance(LIVES.keepMs - 1);
    const living = await Promise.all(Array.from({ length: 5 }, () => answers(other)));
    await advance(1);
    for (let n = 0; n < 6; n += 1) living.push(await answers(n % 2 === 0 ? store : other));
    for (const { id, token } of old) await store.keepAnswer(id, token, LATE);
    for (const one of old) await claims(other, again(one));
    for (const one of living) {
      deepEqual(await claimed(other, again(one)), { state: 'answered', ...ANSWER });
    }
  });
}
