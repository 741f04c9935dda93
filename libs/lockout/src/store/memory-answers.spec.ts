import { describe, expect, it } from '@jest/globals';
import type { AnswerRequest } from './answer-store.js';
import { MemoryAnswers } from './memory-answers.js';

const LIVES = { claimMs: 10, keepMs: 1_000 };
const digits = (n: number, length: number): string => n.toString(16).padStart(length, '0');
const request = (n: number): AnswerRequest => ({
  id: digits(n, 64),
  request: digits(n, 64),
  token: digits(n, 32),
});

describe('answers in memory', () => {
  it('go with the claims of others once they are outlived, some with each', async () => {
    let now = 0;
    const answers = new MemoryAnswers(() => now);
    for (let n = 0; n < 100; n += 1) await answers.claimAnswer(request(n), LIVES);
    now = 999;
    await answers.claimAnswer(request(100), LIVES);
    expect(answers.size).toBe(101);
    now = 1_000;
    await answers.claimAnswer(request(101), LIVES);
    expect(answers.size).toBe(102 - 64);
    await answers.claimAnswer(request(102), LIVES);
    expect(answers.size).toBe(3);
  });

  it('taken over, an old claim is as young as any', async () => {
    let now = 0;
    const answers = new MemoryAnswers(() => now);
    await answers.claimAnswer(request(1), LIVES);
    now = 500;
    await answers.claimAnswer({ ...request(1), token: digits(9, 32) }, LIVES);
    now = 1_000;
    await answers.claimAnswer(request(2), LIVES);
    expect(answers.size).toBe(2);
  });
});
