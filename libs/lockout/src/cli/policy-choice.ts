import { readFileSync } from 'node:fs';
import {
  definePolicies,
  type LockoutPolicy,
  PolicyError,
  type PolicyInput,
  type PresetName,
  presets,
} from '../policy/index.js';
import { listed } from './plain-number.js';
import { printable } from './printable.js';

/** The policies of a simulation, and what to call them. */
export interface PolicyChoice {
  readonly title: string;
  readonly policies: readonly LockoutPolicy[];
}

export const PRESET_NAMES = Object.keys(presets) as readonly PresetName[];

const isPreset = (name: string): name is PresetName => Object.hasOwn(presets, name);

/** A preset by its name. One that its document leaves off until somebody turns it on is on here: it was asked for. */
export function presetChoice(name: string, problems: string[]): PolicyChoice {
  if (!isPreset(name)) {
    problems.push(`--preset ${printable(name)}: there is no such preset; use ${listed(PRESET_NAMES, 'or')}.`);
    return { title: name, policies: [] };
  }
  const policies = presets[name]();
  const isOff = policies.every((policy) => !policy.enabled);
  const chosen = isOff ? definePolicies(policies.map((policy) => ({ ...policy, enabled: true }))) : policies;
  return { title: `the preset ${name}`, policies: chosen };
}

/** A JSON file with a list of policies. Adds everything that is wrong with them to `problems`. */
export function fileChoice(path: string, problems: string[]): PolicyChoice {
  const title = `the policies of ${path}`;
  let inputs: unknown;
  try {
    inputs = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push(`--policies ${printable(path)}: ${error instanceof Error ? error.message : String(error)}`);
    return { title, policies: [] };
  }
  try {
    // Whatever the text held: definePolicies checks types and names every problem.
    const policies = definePolicies(inputs as readonly PolicyInput[]);
    if (policies.length === 0) problems.push(`--policies ${printable(path)}: the list is empty.`);
    return { title, policies };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    problems.push(
      ...error.problems.map(({ path: at, message, hint }) => `--policies: ${at}: ${message} (${hint})`),
    );
    return { title, policies: [] };
  }
}
