import { describe, expect, it } from '@jest/globals';
import { DeliveryDelayedError, DeliveryRefusedError } from './delivery-errors.js';
import { isLegible, problemText } from './problem-text.js';
import { WebhookAnswerError } from './webhook-sink.js';

/** An object that nobody can look at any more. */
function revoked(target: object = {}): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** An error that throws when this is read of it. */
function throwing(part: string): Error {
  return Object.defineProperty(new Error('down'), part, {
    get: () => {
      throw new Error('not now');
    },
  });
}

describe('what is stored of an error', () => {
  it('is its name, message and causes', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:25'), { code: 'ECONNREFUSED' });
    expect(problemText(new TypeError('fetch failed', { cause: refused }))).toBe(
      'TypeError: fetch failed, because: Error: connect ECONNREFUSED 127.0.0.1:25',
    );
  });

  it('is the message alone where the error is of ours, and says nothing twice', () => {
    const cause = new WebhookAnswerError(410);
    expect(problemText(new DeliveryRefusedError(cause.message, { cause }))).toBe(
      'The endpoint answered 410.',
    );
    expect(problemText(new DeliveryDelayedError('closed until noon', 5))).toBe('closed until noon');
  });

  it('is text for whatever was thrown', () => {
    expect(problemText('down')).toBe('down');
    expect(problemText(undefined)).toBe('');
    expect(problemText(null)).toBe('null');
    expect(problemText({ code: 7 })).toBe('an object that is no error');
  });

  it.each<[string, () => unknown]>([
    ['a proxy that was revoked', revoked],
    ['a function that was revoked', () => revoked(() => {})],
    ['a name that is no text', () => ({ name: Object.create(null), message: 'x' })],
    ['a message that is no text', () => Object.assign(new Error('x'), { message: Object.create(null) })],
    ['a name that throws', () => throwing('name')],
    ['a message that throws', () => throwing('message')],
  ])('is that it cannot be read, for %s', (_what, thrown) => {
    expect(problemText(thrown())).toBe('What was thrown cannot be read.');
    expect(isLegible(thrown())).toBe(false);
  });

  it('is what can be read of it, where a cause cannot be', () => {
    expect(problemText(new Error('down', { cause: revoked() }))).toBe(
      'Error: down, because: What was thrown cannot be read.',
    );
    expect(problemText(throwing('cause'))).toBe('Error: down');
    expect(problemText(Object.assign(new Error(), { message: Symbol('down') }))).toBe('Error: Symbol(down)');
  });

  it.each(['code', 'cause', 'retryInMs'])('is nothing to go by, where its %s throws', (part) => {
    expect(isLegible(throwing(part))).toBe(false);
  });

  it.each([undefined, null, 'down', 7, { code: 7 }, new Error('down')])('can be read of %j', (thrown) => {
    expect(isLegible(thrown)).toBe(true);
  });

  it('is one line that every store can keep', () => {
    expect(problemText(new Error('a\0b\r\nc\ud800d'))).toBe('Error: a b c d');
  });

  it('is cut, and never within a character', () => {
    expect(problemText(new Error('x'.repeat(1_000)))).toHaveLength(500);
    // 'Error: ' and 246 pairs are 499 characters: the 500th would be half of one.
    const cut = problemText(new Error('😀'.repeat(400)));
    expect(cut).toHaveLength(499);
    expect(cut).not.toMatch(/\p{Cs}/u);
  });

  it('does not follow causes for ever', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    expect(problemText(loop)).toBe('Error: loop');
    const chain = [4, 3, 2, 1].reduce<Error | undefined>(
      (cause, n) => new Error(`e${n}`, { cause }),
      undefined,
    );
    expect(problemText(chain)).toBe('Error: e1, because: Error: e2, because: Error: e3');
  });
});
