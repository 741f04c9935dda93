import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyPolicy } from '../../testing/arbitraries.js';
import { lawRuns } from '../../testing/law.js';
import { seconds } from '../duration.js';
import { EMPTY_STATE } from '../state.js';
import { judge, transition } from '../transition.js';
import { holdingCost } from './holding-cost.js';

test('keeping somebody else locked really keeps the account refused: at every moment of the day but the ends of locks', () => {
  let held = 0;
  const numRuns = lawRuns(200);
  fc.assert(
    fc.property(anyPolicy({ counts: ['password'], weights: {}, enforce: true }), (policy) => {
      const cost = holdingCost([policy]);
      fc.pre(cost !== null);
      let state = EMPTY_STATE;
      let requests = 0;
      for (let now = 0; now < seconds(1); ) {
        if (!judge(policy, state, 'password', now).allowed) {
          now += 1;
          continue;
        }
        const charged = transition(policy, state, { type: 'charge', id: 'x', method: 'password' }, now);
        state = transition(policy, charged.state, { type: 'fail', id: 'x' }, now).state;
        requests += 1;
        if (requests === cost?.requestsToLock) expect(state.lock).not.toBeNull();
      }
      if (Number.isFinite(cost?.requestsInAll))
        expect(requests).toBeLessThanOrEqual(cost?.requestsInAll ?? 0);
      held += 1;
    }),
    { numRuns },
  );
  expect(held).toBeGreaterThan(numRuns / 4);
});
