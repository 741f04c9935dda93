import { describe, expect, it } from '@jest/globals';
import { minutes } from 'nestjs-lockout/policy';
import { alice, allKeys, engineOf, failTimes, policy, time } from './bench.js';

const WINDOW_MS = minutes(30);

describe('the sweeper', () => {
  it('R25 leaves a record for longer than any two processes’ clocks differ after it says nothing any more', async () => {
    const engine = engineOf({ policies: [policy({ window: { kind: 'idle', durationMs: WINDOW_MS } })] });
    await failTimes(engine, 1);
    expect(await allKeys(engine)).toHaveLength(1);
    // Faded, and within the margin and the five minutes of its step.
    time.now += WINDOW_MS + minutes(9);
    expect(await engine.sweeper.sweep()).toMatchObject({ pruned: 0 });
    expect(await allKeys(engine)).toHaveLength(1);
    time.now += minutes(7);
    expect(await engine.sweeper.sweep()).toMatchObject({ pruned: 1 });
    expect(await allKeys(engine, alice.account as string)).toHaveLength(0);
  });
});
