import type { Limits } from 'nestjs-lockout/policy';
import { textOf } from '../../messages.js';
import { WORDING } from '../page-wording.js';
import { Box, ChoiceInput, DurationInput, LinesInput, NumberInput } from './controls.js';
import { UNITS } from './duration-amount.js';
import { FieldFrame } from './field-frame.js';
import { fieldValue } from './field-value.js';
import { messagePart, type SettingsProblem } from './policy-body.js';
import { fieldLabel } from './policy-changes.js';
import { limitWords, problemsAt, unitsWithin } from './policy-check.js';
import { FIELDS, type Field, isOff, isPartOf, ON, switchKey } from './policy-fields.js';
import { ALL_METHODS, type Form, unitKey } from './policy-form.js';
import { RowsField } from './rows-field.js';

/** What is being edited, and how a field is entered. */
export interface FormContext {
  readonly form: Form;
  /** What governs now. */
  readonly base: Form;
  readonly limits: Limits;
  readonly problems: readonly SettingsProblem[];
  /** Whether the policy counts by account: else successes and resets clear nothing. */
  readonly hasAccount: boolean;
  readonly onEnter: (entries: Form) => void;
}

export const fieldId = (path: string): string => `setting-${path}`;

/** Whether this is the first of the fields that one switch turns off. */
const carriesSwitch = (field: Field): boolean =>
  field.offSwitch !== undefined &&
  FIELDS.find(({ offSwitch }) => offSwitch?.at === field.offSwitch?.at) === field;

const isAlone = ({ offSwitch }: Field): boolean =>
  FIELDS.filter((other) => other.offSwitch?.at === offSwitch?.at).length === 1;

/** What fits into a control of half the form's width. */
const LONGEST_TEXT = 28;

const optionText = (path: string, option: string): string =>
  WORDING.text(`console.policies.option.${messagePart(path)}.${option}`);

/** Choices that need the whole width to be read. */
const isWide = ({ path, options = [] }: Field): boolean =>
  options.some((option) => optionText(path, option).length > LONGEST_TEXT);

/** One setting of the policy, as it is entered; null where the rule has none. */
export function PolicyField({ field, context }: { readonly field: Field; readonly context: FormContext }) {
  const { form } = context;
  if (!isPartOf(field, form)) return null;
  const isOn = !isOff(field, form);
  const entry = isOn ? <Entry field={field} context={context} /> : null;
  if (!carriesSwitch(field)) return entry;
  return (
    <div class={`switched${isAlone(field) ? ' is-alone' : ''}`}>
      <OffSwitch field={field} context={context} />
      {entry}
    </div>
  );
}

/** The box that takes a field into use. */
function OffSwitch({ field, context: { form, base, onEnter, limits } }: Parameters<typeof PolicyField>[0]) {
  const { offSwitch, path } = field;
  if (!offSwitch) return null;
  const key = switchKey(offSwitch);
  const isOn = form[key] === ON;
  const label = isAlone(field)
    ? fieldLabel(field, WORDING)
    : textOf(`console.policies.switch.${messagePart(offSwitch.at)}`);
  return (
    <span class={(form[key] ?? '') === (base[key] ?? '') ? undefined : 'is-changed'}>
      <Box
        id={`${fieldId(offSwitch.at)}-on`}
        checked={isOn}
        // What code requires stays in use.
        disabled={isOn && limits[path]?.required === true}
        onChange={(on) => onEnter({ [key]: on ? ON : '' })}
      >
        {label}
      </Box>
    </span>
  );
}

function Entry({ field, context }: { readonly field: Field; readonly context: FormContext }) {
  const { form, base, limits, problems } = context;
  const { path, kind } = field;
  const label = fieldLabel(field, WORDING);
  if (kind === 'rows') return <RowsField label={label} context={context} />;
  const limit = limits[path];
  const isSame =
    isPartOf(field, base) && fieldValue(field, base, WORDING) === fieldValue(field, form, WORDING);
  const was = isPartOf(field, base) && !isSame ? fieldValue(field, base, WORDING) : null;
  const limitKind = kind === 'duration' ? 'duration' : 'number';
  return (
    <FieldFrame
      id={fieldId(path)}
      label={label}
      labelled={kind === 'switch'}
      grouped={kind === 'methods'}
      wide={isWide(field)}
      hint={textOf(`console.policies.hint.${messagePart(path)}`, { text: '{minutes}' })}
      limit={limit ? limitWords(limit, limitKind, WORDING) : null}
      was={was}
      problems={problemsAt(problems, path)}
    >
      {(control) => <ControlOf field={field} context={context} control={control} label={label} />}
    </FieldFrame>
  );
}

interface ControlProps {
  readonly field: Field;
  readonly context: FormContext;
  readonly control: Parameters<typeof NumberInput>[0]['control'];
  readonly label: string;
}

function ControlOf({ field, context, control, label }: ControlProps) {
  const { form, limits, hasAccount, onEnter } = context;
  const { path, kind } = field;
  const value = form[path] ?? '';
  const enter = (typed: string) => onEnter({ [path]: typed });
  switch (kind) {
    case 'switch':
      return (
        <Box
          id={control.id}
          describedBy={control.describedBy}
          checked={value === ON}
          onChange={(on) => enter(on ? ON : '')}
        >
          {label}
        </Box>
      );
    case 'choice':
      return (
        <ChoiceInput
          control={control}
          value={value}
          onInput={enter}
          options={(hasAccount ? undefined : field.withoutAccount) ?? field.options ?? []}
          optionText={(option) => optionText(path, option)}
        />
      );
    case 'number':
      return <NumberInput control={control} value={value} onInput={enter} />;
    case 'duration':
      return (
        <DurationInput
          control={control}
          value={value}
          onInput={enter}
          unit={form[unitKey(path)] ?? ''}
          units={unitsWithin(UNITS, limits[path])}
          unitLabel={WORDING.text('console.policies.unit-of', { label })}
          onUnit={(unit) => onEnter({ [unitKey(path)]: unit })}
        />
      );
    case 'methods': {
      const isAll = form[ALL_METHODS] === ON;
      return (
        <>
          <Box
            id={`${control.id}-all`}
            checked={isAll}
            onChange={(all) => onEnter({ [ALL_METHODS]: all ? ON : '' })}
          >
            {WORDING.text('console.policies.methods.all')}
          </Box>
          {isAll ? null : <LinesInput control={control} label={label} value={value} onInput={enter} />}
        </>
      );
    }
    case 'lines':
    case 'weights':
      return <LinesInput control={control} value={value} onInput={enter} />;
    case 'rows':
      return null;
    default:
      return kind satisfies never;
  }
}
