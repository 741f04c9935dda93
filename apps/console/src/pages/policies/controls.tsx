import type { ComponentChildren } from 'preact';
import { t } from '../../messages.js';
import { isUnit, type Unit } from './duration-amount.js';
import type { Control } from './field-frame.js';

interface BoxProps extends Pick<Control, 'id'> {
  readonly describedBy?: string | undefined;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ComponentChildren;
}

/** A box to tick, with its label. */
export function Box({ id, describedBy, checked, disabled = false, onChange, children }: BoxProps) {
  return (
    <span class="check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={describedBy}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <label for={id}>{children}</label>
    </span>
  );
}

interface TextProps {
  readonly control: Control;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** Said instead of a label of its own. */
  readonly label?: string;
}

/** A number, kept as it is typed. */
export function NumberInput({ control, value, onInput, label }: TextProps) {
  return (
    <input
      id={control.id}
      class="number-input"
      type="text"
      inputmode="decimal"
      autocomplete="off"
      aria-label={label}
      aria-describedby={control.describedBy}
      aria-invalid={control.invalid || undefined}
      value={value}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  );
}

interface DurationInputProps extends TextProps {
  readonly unit: string;
  readonly units: readonly Unit[];
  readonly unitLabel: string;
  readonly onUnit: (unit: Unit) => void;
}

/** A number and its unit. Changing the unit leaves the number as it was typed. */
export function DurationInput({ unit, units, unitLabel, onUnit, ...text }: DurationInputProps) {
  const offered = isUnit(unit) && !units.includes(unit) ? [...units, unit] : units;
  return (
    <span class="duration-input">
      <NumberInput {...text} />
      <select
        aria-label={unitLabel}
        value={unit}
        onChange={({ currentTarget }) => {
          if (isUnit(currentTarget.value)) onUnit(currentTarget.value);
        }}
      >
        {offered.map((one) => (
          <option key={one} value={one}>
            {t(`console.policies.unit.${one}`)}
          </option>
        ))}
      </select>
    </span>
  );
}

interface ChoiceInputProps extends TextProps {
  readonly options: readonly string[];
  readonly optionText: (option: string) => string;
}

export function ChoiceInput({ control, value, onInput, options, optionText }: ChoiceInputProps) {
  const offered = options.includes(value) || value === '' ? options : [...options, value];
  return (
    <select
      id={control.id}
      aria-describedby={control.describedBy}
      aria-invalid={control.invalid || undefined}
      value={value}
      onChange={({ currentTarget }) => onInput(currentTarget.value)}
    >
      {offered.map((option) => (
        <option key={option} value={option}>
          {optionText(option)}
        </option>
      ))}
    </select>
  );
}

/** A list, one a line. */
export function LinesInput({ control, value, onInput, label }: TextProps) {
  return (
    <textarea
      id={control.id}
      rows={Math.min(8, Math.max(2, value.split('\n').length + 1))}
      autocomplete="off"
      spellcheck={false}
      aria-label={label}
      aria-describedby={control.describedBy}
      aria-invalid={control.invalid || undefined}
      value={value}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  );
}
