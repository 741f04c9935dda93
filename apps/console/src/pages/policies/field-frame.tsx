import type { ComponentChildren } from 'preact';
import { t } from '../../messages.js';
import type { SettingsProblem } from './policy-body.js';

/** What every control of a field needs. */
export interface Control {
  readonly id: string;
  /** Ids of what is said about it. */
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}

interface FieldFrameProps {
  readonly id: string;
  readonly label: ComponentChildren;
  /** The label stands at the control itself (a box to tick). */
  readonly labelled?: boolean;
  /** Several controls: the label is that of the group. */
  readonly grouped?: boolean;
  /** Takes the whole width. */
  readonly wide?: boolean;
  readonly hint?: string | null;
  readonly limit?: string | null;
  /** What governs now, where something else was entered. */
  readonly was?: string | null;
  readonly problems: readonly SettingsProblem[];
  readonly children: (control: Control) => ComponentChildren;
}

/** A field with its label, its help, what was there before, and what is wrong with it. */
export function FieldFrame({
  id,
  label,
  labelled = false,
  grouped = false,
  wide = false,
  hint = null,
  limit = null,
  was = null,
  problems,
  children,
}: FieldFrameProps) {
  const said = [
    hint !== null && `${id}-hint`,
    limit !== null && `${id}-limit`,
    was !== null && `${id}-was`,
    problems.length > 0 && `${id}-problem`,
  ].filter((part) => part !== false);
  const control: Control = {
    id,
    describedBy: said.length > 0 ? said.join(' ') : undefined,
    invalid: problems.length > 0,
  };
  const Frame = grouped ? 'fieldset' : 'div';
  return (
    <Frame class={`field policy-field${was === null ? '' : ' is-changed'}${wide ? ' is-wide' : ''}`}>
      {grouped ? <legend>{label}</legend> : null}
      {labelled || grouped ? null : <label for={id}>{label}</label>}
      {children(control)}
      {hint === null ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {limit === null ? null : (
        <p class="hint" id={`${id}-limit`}>
          {t('console.policies.limit-hint', { range: limit })}
        </p>
      )}
      {was === null ? null : (
        <p class="field-was" id={`${id}-was`}>
          {t('console.policies.was', { value: was })}
        </p>
      )}
      {problems.length === 0 ? null : (
        <div id={`${id}-problem`} class="field-problems">
          {problems.map(({ path, message, hint: instead }) => (
            <p key={`${path} ${message}`} class="field-error">
              {message}
              {instead === undefined ? '' : ` (${instead})`}
            </p>
          ))}
        </div>
      )}
    </Frame>
  );
}
