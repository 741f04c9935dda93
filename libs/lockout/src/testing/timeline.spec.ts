import { describe, expect, test } from '@jest/globals';
import { definePolicy } from '../policy/define-policy.js';
import { minutes } from '../policy/duration.js';
import { assertTimeline, playTimeline } from './timeline.js';

const policy = definePolicy({
  name: 'p',
  threshold: 2,
  schedule: { kind: 'fixed', durationMs: minutes(1) },
});

describe('a timeline', () => {
  test('that comes true plays back as it was written', () => {
    const { written, played } = playTimeline(policy, '0 –,  1:61\n 2 refused, 61-1ms refused 61, 61 ok (0)');
    expect(played).toBe(written);
    expect(written.split('\n')).toEqual(['0 –', '1: 61', '2 refused', '61-1ms refused 61', '61 ok (0)']);
  });

  test.each([
    ['a lock that does not come', '0: 60'],
    ['a lock that comes unannounced', '0 –, 0 –'],
    ['another end', '0 –, 0: 61'],
    ['a refusal that does not come', '0 refused'],
    ['another end of a refusal', '0 –, 0: 60, 1 refused 59'],
    ['a success that is refused', '0 –, 0: 60, 59 ok'],
    ['another count', '0 – (2)'],
  ])('with %s is not kept', (_, text) => {
    expect(() => assertTimeline(policy, text)).toThrow(/Policy "p" does not keep the timeline:[\s\S]*! /);
  });

  test('is read strictly', () => {
    for (const text of ['–', '0 maybe', '0: ', 'x –', '0 !A –']) {
      expect(() => playTimeline(policy, text)).toThrow(`Not a timeline entry: "${text.trim()}"`);
    }
  });
});
