import { definePolicies } from '../policy/define-policy.js';
import { minutes } from '../policy/duration.js';
import type { LockoutPolicy, PolicyInput } from '../policy/policy.js';
import type { Replay } from '../policy/replay/replay.js';
import type { ReplayAttempt } from '../policy/replay/replay-attempt.js';

export type NamedInput = Partial<PolicyInput> & { readonly name: string };

/** Three failures lock for five minutes, unless said otherwise. */
export const policiesOf = (...inputs: readonly NamedInput[]): readonly LockoutPolicy[] =>
  definePolicies(
    inputs.map(
      (input) =>
        ({ threshold: 3, schedule: { kind: 'fixed', durationMs: minutes(5) }, ...input }) as PolicyInput,
    ),
  );

/** A failure of Alice's at home, unless said otherwise. */
export const attempt = (at: number, given: Partial<ReplayAttempt> = {}): ReplayAttempt => ({
  at,
  account: 'alice',
  address: '192.0.2.1',
  outcome: 'failure',
  ...given,
});

export const success = { outcome: 'success' } as const;

/** What each attempt was told, in a word: what remains, or who refuses. */
export const play = (replay: Replay, ...attempts: readonly ReplayAttempt[]): (string | number | null)[] =>
  attempts.map((one) => {
    const { refusal, remaining } = replay.next(one);
    return refusal ? refusal.policy : remaining;
  });
