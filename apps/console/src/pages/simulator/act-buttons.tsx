import { useState } from 'preact/hooks';
import { t } from '../../messages.js';
import { Button } from '../../ui/button.js';
import { DurationInput, NumberInput } from '../policies/controls.js';
import { durationOf, numberOf, UNIT_MS, UNITS, type Unit } from '../policies/duration-amount.js';
import type { Settings } from '../policies/policy-body.js';
import { type Act, type AttemptOutcome, fits, methodsOf, OTHER_METHOD } from './scenario.js';

interface ActButtonsProps {
  readonly acts: readonly Act[];
  readonly settings: Settings;
  /** When the lock ends that is in force now; null: there is none that ends. */
  readonly lockEnd: number | null;
  readonly onChange: (acts: readonly Act[]) => void;
}

const SECOND = 1000;
const QUARTER = 15 * UNIT_MS.minutes;

/** Adds to the story, takes back, or begins anew. */
export function ActButtons({ acts, settings, lockEnd, onChange }: ActButtonsProps) {
  const { named, hasOthers } = methodsOf(settings);
  const [method = 'password'] = named;
  const [isFull, setFull] = useState(false);
  const add = (act: Act): void => {
    setFull(!fits(acts, act));
    if (fits(acts, act)) onChange([...acts, act]);
  };
  const attempts = (outcome: AttemptOutcome, times: number): Act => ({
    kind: 'attempts',
    outcome,
    times,
    everyMs: SECOND,
    method,
  });
  return (
    <>
      <fieldset class="act-buttons">
        <legend class="visually-hidden">{t('console.simulator.quick')}</legend>
        <Button small onClick={() => add(attempts('failure', 1))}>
          {t('console.simulator.add.wrong')}
        </Button>
        <Button small onClick={() => add(attempts('failure', 5))}>
          {t('console.simulator.add.five')}
        </Button>
        <Button small onClick={() => add(attempts('success', 1))}>
          {t('console.simulator.add.right')}
        </Button>
        <Button
          small
          disabled={lockEnd === null}
          onClick={() => lockEnd !== null && add({ kind: 'until', at: lockEnd })}
        >
          {t('console.simulator.add.until')}
        </Button>
        <Button small onClick={() => add({ kind: 'wait', forMs: QUARTER })}>
          {t('console.simulator.add.quarter')}
        </Button>
        <Button small onClick={() => add({ kind: 'wait', forMs: UNIT_MS.days })}>
          {t('console.simulator.add.day')}
        </Button>
        <Button small onClick={() => add({ kind: 'unlock' })}>
          {t('console.simulator.add.unlock')}
        </Button>
        <Button small onClick={() => add({ kind: 'reset-password' })}>
          {t('console.simulator.add.reset-password')}
        </Button>
      </fieldset>
      <details class="act-custom">
        <summary>{t('console.simulator.custom')}</summary>
        <CustomAct methods={hasOthers ? [...named, OTHER_METHOD] : named} onAdd={add} />
      </details>
      {isFull ? (
        <p class="field-error" role="alert">
          {t('console.simulator.full')}
        </p>
      ) : null}
      {acts.length === 0 ? null : (
        <div class="act-back">
          <Button
            small
            look="quiet"
            onClick={() => {
              setFull(false);
              onChange(acts.slice(0, -1));
            }}
          >
            {t('console.simulator.undo')}
          </Button>
          <Button
            small
            look="quiet"
            onClick={() => {
              setFull(false);
              onChange([]);
            }}
          >
            {t('console.simulator.clear')}
          </Button>
        </div>
      )}
    </>
  );
}

const OUTCOMES: readonly AttemptOutcome[] = ['failure', 'success', 'first-factor', 'abandoned'];
const MOST_TIMES = 500;

/** Some attempts of a kind, so far apart. */
function CustomAct({
  methods,
  onAdd,
}: {
  readonly methods: readonly string[];
  readonly onAdd: (act: Act) => void;
}) {
  const [times, setTimes] = useState('20');
  const [every, setEvery] = useState({ amount: '1', unit: 'minutes' as Unit });
  const [outcome, setOutcome] = useState<AttemptOutcome>('failure');
  const [method, setMethod] = useState(methods[0] ?? 'password');
  const [asked, setAsked] = useState(false);
  const count = numberOf(times);
  const everyMs = durationOf(every);
  const isCount = count !== null && Number.isInteger(count) && count >= 1 && count <= MOST_TIMES;
  const control = (id: string, isRight: boolean) => ({
    id,
    describedBy: asked && !isRight ? 'custom-act-problem' : undefined,
    invalid: asked && !isRight,
  });
  return (
    <form
      class="custom-act"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (isCount && everyMs !== null) onAdd({ kind: 'attempts', outcome, times: count, everyMs, method });
      }}
    >
      <div class="field">
        <label for="act-times">{t('console.simulator.custom.times')}</label>
        <NumberInput control={control('act-times', isCount)} value={times} onInput={setTimes} />
      </div>
      <div class="field">
        <label for="act-outcome">{t('console.simulator.custom.outcome')}</label>
        <select
          id="act-outcome"
          value={outcome}
          onChange={({ currentTarget }) => setOutcome(currentTarget.value as AttemptOutcome)}
        >
          {OUTCOMES.map((one) => (
            <option key={one} value={one}>
              {t(`console.simulator.outcome.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="act-method">{t('console.simulator.custom.method')}</label>
        <select
          id="act-method"
          value={method}
          onChange={({ currentTarget }) => setMethod(currentTarget.value)}
        >
          {methods.map((one) => (
            <option key={one} value={one}>
              {one === OTHER_METHOD ? t('console.simulator.custom.other') : one}
            </option>
          ))}
        </select>
      </div>
      <div class="field act-every">
        <label for="act-every">{t('console.simulator.custom.every')}</label>
        <DurationInput
          control={control('act-every', everyMs !== null)}
          value={every.amount}
          onInput={(amount) => setEvery({ ...every, amount })}
          unit={every.unit}
          units={UNITS}
          unitLabel={t('console.policies.unit-of', { label: t('console.simulator.custom.every') })}
          onUnit={(unit) => setEvery({ ...every, unit })}
        />
      </div>
      <Button type="submit">{t('console.simulator.custom.add')}</Button>
      {asked && (!isCount || everyMs === null) ? (
        <p class="field-error" id="custom-act-problem" role="alert">
          {t('console.simulator.custom.bad')}
        </p>
      ) : null}
    </form>
  );
}
