import type { PolicyBody } from 'nestjs-lockout/admin';
import type { LockoutPolicy } from 'nestjs-lockout/policy';

/** A policy's settings as the API shows them: the whole policy without its limits. */
export type Settings = PolicyBody['settings'];

/** What the linter says. */
export type Warning = PolicyBody['warnings'][number];

/** What keeps settings from being saved. */
export interface SettingsProblem {
  /** Dotted, without brackets: `schedule.rows.0.lockMs`. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** Which policy a page is about; `brand` null: the global one. */
export interface Target {
  readonly name: string;
  readonly brand: string | null;
}

/** The settings as the policy that they are: the server has checked them. */
export const policyOf = (settings: Settings): LockoutPolicy => settings as unknown as LockoutPolicy;

/** `schedule.rows[0].lockMs`, as the server says it, or `policies[0].threshold`, as our form does. */
export const formPath = (path: string): string =>
  path.replace(/^(settings|policy|policies(\[\d+\]|\.\d+))\./, '').replace(/\[(\d+)\]/g, '.$1');

/** `schedule.initial-ms`: a field's part of the ids of its texts. */
export const messagePart = (path: string): string =>
  path.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
