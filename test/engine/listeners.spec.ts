import { describe, expect, it } from '@jest/globals';
import { alice, engineOf, failTimes, isLocked } from './bench.js';

describe('onEvent', () => {
  it("that throws changes no answer, its own attempt's or another's of the same batch", async () => {
    const engine = engineOf({
      onEvent: () => {
        throw new Error('the log is full');
      },
    });
    await failTimes(engine, 4);
    const begun = await engine.begin(alice);
    if (!begun.allowed) throw new Error('refused');
    const [settlement, other] = await Promise.all([
      begun.attempt.fail(),
      engine.begin({ ...alice, account: 'bob' }),
    ]);
    expect(settlement.locked).toMatchObject([{ policy: 'account' }]);
    expect(other.allowed).toBe(true);
    expect(await isLocked(engine)).toBe(true);
  });
});
