import { describe, expect, it } from '@jest/globals';
import { refusedAnswer } from './problem.js';
import type { Refusal } from './refusal.js';

const locked = (retryInMs: number | null, message: string | null = null): Refusal => ({
  reason: 'locked',
  retryAt: retryInMs === null ? null : Date.UTC(2026, 0, 1) + retryInMs,
  retryInMs,
  policy: 'account',
  message,
});

describe('R43 what a refused person is told', () => {
  it.each([
    [locked(1), 1, 'Too many failed attempts. Try again in 1 second.'],
    [locked(1_001), 2, 'Too many failed attempts. Try again in 2 seconds.'],
    [locked(60_000), 60, 'Too many failed attempts. Try again in 60 seconds.'],
    [locked(60_001), 61, 'Too many failed attempts. Try again in 2 minutes.'],
    [locked(3_600_001), 3_601, 'Too many failed attempts. Try again in 2 hours.'],
    [locked(null), null, 'Too many failed attempts. This sign-in stays locked until it is unlocked.'],
    [locked(1, 'Ask the help desk.'), 1, 'Ask the help desk.'],
    [
      { ...locked(null), reason: 'exhausted' as const },
      1,
      'Too many attempts at once. Try again in a moment.',
    ],
  ])('never a moment too early: %j', (refusal, retryAfter, detail) => {
    const answer = refusedAnswer(refusal);
    expect(answer).toMatchObject({ retryAfter, problem: { status: 429, reason: refusal.reason, detail } });
    expect(JSON.stringify(answer)).not.toContain(refusal.policy);
  });
});
