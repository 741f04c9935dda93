import {
  definePolicies,
  type LockoutPolicy,
  PolicyError,
  type PolicyInput,
  presets,
} from 'nestjs-lockout/policy';

const PRESETS: Readonly<Record<string, () => readonly LockoutPolicy[]>> = {
  ...presets,
  // Its document leaves it off until somebody turns it on; here it was asked for.
  authgear: () => presets.authgear({ enabled: true }),
};

export interface ChosenPolicies {
  /** What to call them in messages. */
  readonly title: string;
  readonly policies: readonly LockoutPolicy[];
}

/** `LOCKOUT_POLICIES` (a JSON list of policies) or else the preset. Adds to `problems` what is wrong. */
export function readPolicies(preset: string, json: string | undefined, problems: string[]): ChosenPolicies {
  if (json !== undefined && json.trim() !== '') {
    return { title: 'LOCKOUT_POLICIES', policies: fromJson(json, problems) };
  }
  const make = Object.hasOwn(PRESETS, preset) ? PRESETS[preset] : undefined;
  if (!make) {
    problems.push(`LOCKOUT_PRESET is "${preset}"; it must be one of ${Object.keys(PRESETS).join(', ')}.`);
    return { title: preset, policies: [] };
  }
  return { title: `LOCKOUT_PRESET=${preset}`, policies: make() };
}

function fromJson(json: string, problems: string[]): readonly LockoutPolicy[] {
  let inputs: unknown;
  try {
    inputs = JSON.parse(json);
  } catch (error) {
    problems.push(`LOCKOUT_POLICIES is not JSON: ${(error as Error).message}`);
    return [];
  }
  if (Array.isArray(inputs) && inputs.length === 0) {
    problems.push('LOCKOUT_POLICIES is an empty list; leave it out to use LOCKOUT_PRESET.');
    return [];
  }
  try {
    // Whatever the text held: definePolicies checks types and names every problem.
    return definePolicies(inputs as readonly PolicyInput[]);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    for (const { path, message, hint } of error.problems) {
      problems.push(`LOCKOUT_POLICIES: ${path}: ${message} (${hint})`);
    }
    return [];
  }
}
