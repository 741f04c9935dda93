import type { LockoutMailOptions } from 'nestjs-lockout/mail';
import {
  definePolicies,
  definePolicy,
  type LockoutPolicy,
  minutes,
  PolicyError,
  type PolicyInput,
  presets,
  type ScopePart,
} from 'nestjs-lockout/policy';

const PRESETS: Readonly<Record<string, () => readonly LockoutPolicy[]>> = {
  ...presets,
  // Its document leaves it off until somebody turns it on; here it was asked for.
  authgear: () => presets.authgear({ enabled: true }),
};

/**
 * Beside presets that count by account alone: one wrong password at each of many accounts locks none of them, and is an
 * attack all the same. Patient, as an office shares an address.
 */
const PER_ADDRESS = definePolicy({
  name: 'address',
  counts: ['password'],
  scope: ['address'],
  threshold: 50,
  window: { kind: 'sliding', durationMs: minutes(15) },
  schedule: { kind: 'fixed', durationMs: minutes(10) },
  afterLock: 'fresh-budget-at-end',
});

const withAddress = (policies: readonly LockoutPolicy[]): readonly LockoutPolicy[] =>
  policies.some(({ scope }) => scope.includes('address')) ? policies : [...policies, PER_ADDRESS];

export interface ChosenPolicies {
  /** What to call them in messages. */
  readonly title: string;
  readonly policies: readonly LockoutPolicy[];
  /** Which mails owners are sent, where it is not what the library sends. */
  readonly mails?: LockoutMailOptions['send'];
}

/** Of presets whose documents say which mails there are, and thereby that there are no others. */
const MAILS: Readonly<Record<string, LockoutMailOptions['send']>> = {
  // For the fifth and each further failure, whether or not it locks (CS-9).
  contentstack: { signIn: false, unlocked: false },
};

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
  const mails = MAILS[preset];
  return { title: `LOCKOUT_PRESET=${preset}`, policies: withAddress(make()), ...(mails && { mails }) };
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
    const policies = definePolicies(inputs as readonly PolicyInput[]);
    problems.push(...policies.flatMap(unknownParts));
    return policies;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    for (const { path, message, hint } of error.problems) {
      problems.push(`LOCKOUT_POLICIES: ${path}: ${message} (${hint})`);
    }
    return [];
  }
}

/** What attempts here come with. A policy that counts by anything else would count nothing, silently. */
const KNOWN_PARTS: readonly ScopePart[] = ['account', 'address'];

function unknownParts({ name, scope }: LockoutPolicy): readonly string[] {
  return scope
    .filter((part) => !KNOWN_PARTS.includes(part))
    .map((part) => (typeof part === 'string' ? part : `custom:${part.custom}`))
    .map(
      (part) =>
        `LOCKOUT_POLICIES: "${name}" counts by ${part}, which no attempt here has; use account, address or both.`,
    );
}
