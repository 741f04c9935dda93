import { signal } from '@preact/signals';
import type { PolicyBody } from 'nestjs-lockout/admin';
import type { SettingsProblem, Target } from './policy-body.js';
import { type Form, formOf, settingsOf } from './policy-form.js';

/** A policy being edited. */
export interface Draft {
  /** What governed when the editing began. */
  readonly version: number;
  readonly base: Form;
  readonly form: Form;
  /** The reason, once it was typed. */
  readonly reason: string;
  /** What the server said at the last save. */
  readonly refused: readonly SettingsProblem[];
}

const STORED_AS = 'lockout-console-drafts';

/** Kept in this tab, also over a reload: what was typed is never lost by looking elsewhere. */
const drafts = signal<Readonly<Record<string, Draft>>>(stored());

const keyOf = ({ name, brand }: Target): string => JSON.stringify([name, brand]);

export const draftOf = (target: Target): Draft | null => drafts.value[keyOf(target)] ?? null;

export const newDraft = (body: PolicyBody): Draft => {
  const form = formOf(body.settings);
  return { version: body.version, base: form, form, reason: '', refused: [] };
};

export const sameForm = (a: Form, b: Form): boolean =>
  Object.keys({ ...a, ...b }).every((key) => (a[key] ?? '') === (b[key] ?? ''));

/** Whether something was typed that what governs does not have. It may come to the same: `2.` is 2. */
export const isTouched = (draft: Draft | null): draft is Draft =>
  draft !== null && !sameForm(draft.base, draft.form);

/** Whether saving would change something. */
export const isDirty = (draft: Draft | null): draft is Draft =>
  isTouched(draft) &&
  JSON.stringify(settingsOf(draft.base, {})) !== JSON.stringify(settingsOf(draft.form, {}));

/** Whether something else governs by now than what the draft began with. */
export const isOutdated = (draft: Draft, body: PolicyBody): boolean =>
  draft.version !== body.version || !sameForm(draft.base, formOf(body.settings));

/** Keeps a draft; one that nobody touched is none. */
export function keepDraft(target: Target, draft: Draft): void {
  if (isTouched(draft)) put({ ...drafts.value, [keyOf(target)]: draft });
  else dropDraft(target);
}

export function dropDraft(target: Target): void {
  const others = Object.entries(drafts.value).filter(([key]) => key !== keyOf(target));
  put(Object.fromEntries(others));
}

function put(all: Readonly<Record<string, Draft>>): void {
  drafts.value = all;
  try {
    sessionStorage.setItem(STORED_AS, JSON.stringify(all));
  } catch {
    // A browser that keeps nothing: they last until the page is left.
  }
}

function stored(): Readonly<Record<string, Draft>> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORED_AS) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, Draft>) : {};
  } catch {
    return {};
  }
}
