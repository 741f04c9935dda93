import { describe, expect, test } from '@jest/globals';
import { ADMIN, rule, SingleKey, table } from '../testing/single-key.js';
import { assertTimeline } from '../testing/timeline.js';

const ms = { unitMs: 1 };

describe('an unlock that keeps the count', () => {
  const keeping = rule({ unlockKeepsCount: true });

  test('the next failure locks again', () => {
    assertTimeline(keeping, '0 –, 0 –, 0: 100, 5 unlock (3), 6: 106', ms);
    assertTimeline(rule(), '0 –, 0 –, 0: 100, 5 unlock (0), 6 –, 6 –, 6: 106', ms);
  });

  test('the schedule of a table goes on where it was', () => {
    const rows = table(
      [
        [2, 10],
        [3, 20],
      ],
      { unlockKeepsCount: true },
    );
    assertTimeline(rows, '0 –, 0: 10, 5 unlock (2), 5: 25', ms);
  });

  test('escalation is kept or not by its own field', () => {
    const growing = { kind: 'exponential', initialMs: 10, factor: 2, by: 'lockouts' } as const;
    const both = rule({ schedule: growing, unlockKeepsCount: true, unlockKeepsEscalation: true });
    assertTimeline(both, '0 –, 0 –, 0: 10, 5 unlock (3), 5: 25', ms);
    const count = rule({ schedule: growing, unlockKeepsCount: true });
    assertTimeline(count, '0 –, 0 –, 0: 10, 5 unlock (3), 5: 15', ms);
    const escalation = rule({ schedule: growing, unlockKeepsEscalation: true, afterLock: 'fresh-budget' });
    assertTimeline(escalation, '0 –, 0 –, 0: 10, 5 unlock (0), 5 –, 5 –, 5: 25', ms);
  });

  test('what is kept fades when it would have', () => {
    const fading = rule({ unlockKeepsCount: true, window: { kind: 'idle', durationMs: 50 } });
    assertTimeline(fading, '0 –, 0 –, 7 unlock (2), 50-1ms: 149', ms);
    assertTimeline(fading, '0 –, 0 –, 7 unlock (2), 50 – (1)', ms);
  });

  test('failures in a row are kept too, for the standards’ hard cap', () => {
    const capped = rule({ unlockKeepsCount: true, indefiniteAfterFailures: 5, afterLock: 'fresh-budget' });
    assertTimeline(capped, '0 –, 0 –, 0: 100, 5 unlock, 5 –, 5: ∞', ms);
    const clearing = rule({ indefiniteAfterFailures: 5, afterLock: 'fresh-budget' });
    assertTimeline(clearing, '0 –, 0 –, 0: 100, 5 unlock, 5 –, 5 –, 5: 105', ms);
  });

  test('an unlock that would change nothing writes nothing', () => {
    const key = new SingleKey(keeping).guesses(2, 0);
    const { state } = key;
    expect(key.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 5).state).toBe(state);
    const kept = new SingleKey(rule({ unlockKeepsEscalation: true, afterLock: 'fresh-budget' })).guesses(
      3,
      0,
    );
    kept.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 5);
    const { state: after } = kept;
    expect(after.escalation).toBe(1);
    expect(kept.apply({ type: 'unlock', via: 'admin', actor: ADMIN }, 6).state).toBe(after);
  });

  test('a completed password reset clears the count all the same', () => {
    assertTimeline(keeping, '0 –, 0 –, 0: 100, 5 reset (0), 6 –, 6 –, 6: 106', ms);
  });
});

describe('what an event tells of the failure before', () => {
  test('when it was; null where none is remembered; nothing where an administrator locked', () => {
    const telling = rule({ notify: { from: 1 } });
    const { events } = assertTimeline(telling, '5 –, 7 –, 20: 120', ms);
    expect(events.map((event) => ('previousFailureAt' in event ? event.previousFailureAt : 'none'))).toEqual([
      null,
      5,
      7,
    ]);
    const key = new SingleKey(telling);
    const { events: byHand } = key.apply({ type: 'lock', until: null, actor: ADMIN }, 5);
    expect(byHand[0]).not.toHaveProperty('previousFailureAt');
  });
});
