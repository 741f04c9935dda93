/** One thing that is wrong with a policy, and what to do about it. */
export interface PolicyProblem {
  /** Where, as a dotted path: `schedule.initialMs`, or `policies[1].window.durationMs` in a list. */
  readonly path: string;
  /** What is wrong, with the value found. */
  readonly message: string;
  /** What would be right. */
  readonly hint: string;
}

const line = ({ path, message, hint }: PolicyProblem): string => `  - ${path}: ${message} (${hint})`;

/** A policy that cannot be used. Carries every problem at once; its message lists them all with their fix. */
export class PolicyError extends Error {
  readonly code = 'LOCKOUT_CONFIG';
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(`The lockout policy has ${count}:\n${problems.map(line).join('\n')}`);
    this.name = 'PolicyError';
    this.problems = Object.freeze(problems.map((problem) => Object.freeze({ ...problem })));
  }
}
