import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { AnswerClaim, AnswerRequest, AnswerStore, KeptAnswer } from '../store/answer-store.js';
import { StoreError } from '../store/store-error.js';
import type { AnswerLaw } from './answer-store-contract.js';
import { HOSTILE_LABELS } from './contract-swap.js';

export const LIVES = { claimMs: 60_000, keepMs: 86_400_000 };
export const ANSWER: KeptAnswer = { status: 200, body: '{"changed":true}' };

/** A try of a request that nobody made before, unless `parts` say otherwise. */
export function answerRequest(parts: Partial<AnswerRequest> = {}): AnswerRequest {
  return {
    id: randomBytes(32).toString('hex'),
    request: randomBytes(32).toString('hex'),
    token: randomBytes(16).toString('hex'),
    ...parts,
  };
}

/** The same request, sent once more. */
export const again = ({ id, request }: AnswerRequest): AnswerRequest => answerRequest({ id, request });

/** What a claim is told. */
export const claimed = (store: AnswerStore, request: AnswerRequest): Promise<AnswerClaim> =>
  store.claimAnswer(request, LIVES);

/** A claim that has to be ours. */
export async function claims(
  store: AnswerStore,
  request: AnswerRequest = answerRequest(),
): Promise<AnswerRequest> {
  deepEqual(await claimed(store, request), { state: 'claimed' });
  return request;
}

/** What one request is told while another one with its id is under way, answered or given up. */
export function answerKeepingLaws(law: AnswerLaw, callers: number): void {
  law('gives an id to the first who claims it, and tells the others that it is pending', async (opened) => {
    const { store, other } = opened;
    const first = await claims(store);
    deepEqual(await claimed(other, again(first)), { state: 'pending' });
    deepEqual(await claimed(store, again(first)), { state: 'pending' });
    await claims(other);
  });

  law('of many claims at once one wins, and the others are pending', async ({ store, other }) => {
    for (let round = 0; round < 3; round += 1) {
      const first = answerRequest();
      const states = await Promise.all(
        Array.from({ length: callers }, async (_, n) => {
          return (await claimed(n % 2 === 0 ? store : other, again(first))).state;
        }),
      );
      deepEqual(states.sort(), ['claimed', ...Array<string>(callers - 1).fill('pending')]);
    }
  });

  law('of many other requests at once one wins, and the others are told so', async ({ store, other }) => {
    const { id } = answerRequest();
    const states = await Promise.all(
      Array.from({ length: callers }, async (_, n) => {
        return (await claimed(n % 2 === 0 ? store : other, answerRequest({ id }))).state;
      }),
    );
    deepEqual(states.sort(), ['claimed', ...Array<string>(callers - 1).fill('other-request')]);
  });

  law('is the same try when it is sent again with its token', async ({ store, other }) => {
    const first = await claims(store);
    await claims(other, first);
    deepEqual(await claimed(store, again(first)), { state: 'pending' });
  });

  law('tells the answer to whoever makes the request again', async ({ store, other }) => {
    const first = await claims(store);
    await store.keepAnswer(first.id, first.token, ANSWER);
    for (const client of [other, store]) {
      deepEqual(await claimed(client, again(first)), { state: 'answered', ...ANSWER });
    }
    deepEqual(await claimed(other, first), { state: 'answered', ...ANSWER });
  });

  law('tells another request that the id is taken, claimed or answered', async ({ store, other }) => {
    const first = await claims(store);
    const { id } = first;
    deepEqual(await claimed(other, answerRequest({ id })), { state: 'other-request' });
    await store.keepAnswer(id, first.token, ANSWER);
    deepEqual(await claimed(other, answerRequest({ id })), { state: 'other-request' });
    deepEqual(await claimed(other, again(first)), { state: 'answered', ...ANSWER });
  });

  law('keeps an answer of the claim only, and the first one', async ({ store, other }) => {
    const first = await claims(store);
    const stranger = again(first);
    await other.keepAnswer(first.id, stranger.token, { status: 500, body: 'a stranger' });
    deepEqual(await claimed(other, again(first)), { state: 'pending' });
    await store.keepAnswer(first.id, first.token, ANSWER);
    await store.keepAnswer(first.id, first.token, { status: 409, body: 'a second one' });
    deepEqual(await claimed(other, again(first)), { state: 'answered', ...ANSWER });
    const nobody = answerRequest();
    await store.keepAnswer(nobody.id, nobody.token, ANSWER);
    await claims(other, nobody);
  });

  law('a dropped claim can be made again, and its owner says nothing more', async ({ store, other }) => {
    const first = await claims(store);
    await store.dropClaim(first.id, first.token);
    await store.keepAnswer(first.id, first.token, { status: 500, body: 'too late' });
    const second = await claims(other, answerRequest({ id: first.id }));
    await store.dropClaim(first.id, first.token);
    deepEqual(await claimed(store, again(second)), { state: 'pending' });
    await other.keepAnswer(second.id, second.token, ANSWER);
    await other.dropClaim(second.id, second.token);
    deepEqual(await claimed(store, again(second)), { state: 'answered', ...ANSWER });
    await store.dropClaim(answerRequest().id, answerRequest().token);
  });

  law('of many claims at once one wins also where one was just dropped', async ({ store, other }) => {
    const first = await claims(store);
    const [, ...states] = await Promise.all([
      store.dropClaim(first.id, first.token),
      ...Array.from({ length: callers }, async (_, n) => {
        return (await claimed(n % 2 === 0 ? store : other, again(first))).state;
      }),
    ]);
    const winners = states.filter((state) => state === 'claimed').length;
    ok(winners <= 1, `${winners} claims won`);
    const { state } = await claimed(store, again(first));
    equal(state, winners === 1 ? 'pending' : 'claimed');
  });

  law('keeps an answer as it is, whatever it says', async ({ store, other }) => {
    const bodies = [
      ...HOSTILE_LABELS,
      '\0',
      '\u0001\r\n\t"\\',
      '\ufeff\ufffe\u2028',
      'ß🔒'.repeat(999),
      'x'.repeat(65_535),
      '€'.repeat(21_845),
    ];
    for (const [n, body] of bodies.entries()) {
      const first = await claims(store);
      const answer = { status: n === 0 ? 999 : 100 + n, body };
      await store.keepAnswer(first.id, first.token, answer);
      deepEqual(await claimed(other, again(first)), { state: 'answered', ...answer });
    }
  });

  law('rejects what no row can hold as data, and leaves the claim', async ({ store, other }) => {
    const first = await claims(store);
    const { id, request, token } = first;
    const answers: readonly KeptAnswer[] = [
      { status: 200, body: 'x'.repeat(65_536) },
      { status: 200, body: '€'.repeat(21_846) },
      { status: 200, body: '\ud800' },
      { status: 99, body: '' },
      { status: 1_000, body: '' },
      { status: 200.5, body: '' },
    ];
    const calls: readonly (() => Promise<unknown>)[] = [
      ...answers.map((answer) => () => store.keepAnswer(id, token, answer)),
      () => claimed(store, { id: id.slice(1), request, token }),
      () => claimed(store, { id, request: request.toUpperCase().replace(/\d/g, 'A'), token }),
      () => claimed(store, { id, request, token: `${token}00` }),
      () => store.keepAnswer(id, 'nobody', ANSWER),
      () => store.keepAnswer(`${id}0`, token, ANSWER),
      () => store.dropClaim(id, ''),
      () => store.dropClaim('', token),
    ];
    for (const call of calls) {
      await rejects(call, (error) => {
        ok(error instanceof StoreError, String(error));
        equal(error.fault, 'data');
        return true;
      });
    }
    deepEqual(await claimed(other, again(first)), { state: 'pending' });
    await store.keepAnswer(id, token, ANSWER);
    deepEqual(await claimed(other, again(first)), { state: 'answered', ...ANSWER });
  });
}
