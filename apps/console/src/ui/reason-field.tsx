import { useId } from 'preact/hooks';
import { t } from '../messages.js';

/** As long as the server takes. */
const MAX_LENGTH = 500;

interface ReasonFieldProps {
  readonly value: string;
  readonly choices: readonly string[];
  readonly onChange: (reason: string) => void;
}

/** Why something is done: typed, or one of the usual ones at a click. Recorded with the change. */
export function ReasonField({ value, choices, onChange }: ReasonFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t('console.reason.label')}</label>
      {choices.length > 0 ? (
        <fieldset class="choices" aria-label={t('console.reason.choices')}>
          {choices.map((choice) => (
            <button
              key={choice}
              type="button"
              class="choice"
              aria-pressed={choice === value}
              onClick={() => onChange(choice)}
            >
              {choice}
            </button>
          ))}
        </fieldset>
      ) : null}
      <input
        id={id}
        type="text"
        required
        maxLength={MAX_LENGTH}
        autocomplete="off"
        value={value}
        aria-describedby={`${id}-hint`}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {t('console.reason.hint')}
      </p>
    </div>
  );
}
