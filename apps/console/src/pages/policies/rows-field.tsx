import { t } from '../../messages.js';
import { Button } from '../../ui/button.js';
import { WORDING } from '../page-wording.js';
import { Box, DurationInput, NumberInput } from './controls.js';
import { UNITS } from './duration-amount.js';
import { fieldValue } from './field-value.js';
import { problemsAt } from './policy-check.js';
import type { FormContext } from './policy-field.js';
import { FIELDS, isPartOf, ON } from './policy-fields.js';
import { indexes, rowCount, rowPath, rowSwitch, unitKey } from './policy-form.js';
import { withoutRow, withRow } from './table-rows.js';

const ROWS = FIELDS.find(({ kind }) => kind === 'rows');
/** As many as the server takes. */
const MOST_ROWS = 64;

/** The rows of a table: which failures lock, and for how long. */
export function RowsField({ label, context }: { readonly label: string; readonly context: FormContext }) {
  const { form, base, problems, onEnter } = context;
  const count = rowCount(form);
  const isKnown = ROWS !== undefined && isPartOf(ROWS, base);
  const was =
    isKnown && fieldValue(ROWS, base, WORDING) !== fieldValue(ROWS, form, WORDING)
      ? fieldValue(ROWS, base, WORDING)
      : null;
  const general = problems.filter(
    ({ path }) => path === 'schedule.rows' || /^schedule\.rows\.\d+$/.test(path),
  );
  return (
    <fieldset class={`field policy-field rows${was === null ? '' : ' is-changed'}`}>
      <legend>{label}</legend>
      <ol class="row-list">
        {indexes(count).map((index) => (
          <Row key={index} index={index} context={context} removable={count > 1} />
        ))}
      </ol>
      {count < MOST_ROWS ? (
        <Button small onClick={() => onEnter(withRow(form))}>
          {t('console.policies.row.add')}
        </Button>
      ) : null}
      <p class="hint">{t('console.policies.hint.schedule.rows')}</p>
      {was === null ? null : <p class="field-was">{t('console.policies.was', { value: was })}</p>}
      {general.map(({ path, message, hint }) => (
        <p key={path} class="field-error">
          {message}
          {hint === undefined ? '' : ` (${hint})`}
        </p>
      ))}
    </fieldset>
  );
}

function Row({
  index,
  context: { form, problems, onEnter },
  removable,
}: {
  readonly index: number;
  readonly context: FormContext;
  readonly removable: boolean;
}) {
  const [failures, lockMs] = [rowPath(index, 'failures'), rowPath(index, 'lockMs')];
  const ends = form[rowSwitch(index)] === ON;
  const row = index + 1;
  const wrong = [...problemsAt(problems, failures), ...problemsAt(problems, lockMs)];
  const describedBy = wrong.length > 0 ? `row-${index}-problem` : undefined;
  return (
    <li class="row">
      <span class="row-part">
        <span aria-hidden="true">{t('console.policies.row.failures')}</span>
        <NumberInput
          control={{
            id: `row-${index}-failures`,
            describedBy,
            invalid: problemsAt(problems, failures).length > 0,
          }}
          label={t('console.policies.row.failures-of', { row })}
          value={form[failures] ?? ''}
          onInput={(typed) => onEnter({ [failures]: typed })}
        />
      </span>
      <span class="row-part row-lock">
        <span aria-hidden="true">{t('console.policies.row.lock')}</span>
        {ends ? (
          <DurationInput
            control={{
              id: `row-${index}-lock`,
              describedBy,
              invalid: problemsAt(problems, lockMs).length > 0,
            }}
            label={t('console.policies.row.lock-of', { row })}
            value={form[lockMs] ?? ''}
            onInput={(typed) => onEnter({ [lockMs]: typed })}
            unit={form[unitKey(lockMs)] ?? ''}
            units={UNITS}
            unitLabel={t('console.policies.unit-of', { label: t('console.policies.row.lock-of', { row }) })}
            onUnit={(unit) => onEnter({ [unitKey(lockMs)]: unit })}
          />
        ) : (
          <span>{t('console.policies.row.until-lifted')}</span>
        )}
      </span>
      <Box
        id={`row-${index}-ends`}
        checked={ends}
        onChange={(on) => onEnter({ [rowSwitch(index)]: on ? ON : '' })}
      >
        <span aria-hidden="true">{t('console.policies.row.ends-short')}</span>
        <span class="visually-hidden">{t('console.policies.row.ends', { row })}</span>
      </Box>
      {removable ? (
        <Button
          look="quiet"
          small
          label={t('console.policies.row.remove', { row })}
          onClick={() => onEnter(withoutRow(form, index))}
        >
          ×
        </Button>
      ) : null}
      {wrong.length === 0 ? null : (
        <p class="field-error" id={`row-${index}-problem`}>
          {wrong
            .map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`))
            .join(' ')}
        </p>
      )}
    </li>
  );
}
