import { describe, expect, it } from '@jest/globals';
import { DeliveryDelayedError, DeliveryRefusedError } from './delivery-errors.js';
import { problemText } from './problem-text.js';
import { WebhookAnswerError } from './webhook-sink.js';

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
