import { signal } from '@preact/signals';
import { t } from '../../messages.js';
import { Card } from '../../ui/card.js';
import { EmptyState } from '../../ui/empty-state.js';
import { ProblemText } from '../../ui/problem-text.js';
import { WORDING } from '../page-wording.js';
import { draftOf, isDirty, isOutdated } from '../policies/drafts.js';
import { checkForm } from '../policies/policy-check.js';
import { draftPolicy } from '../policies/policy-form.js';
import type { PolicyInPlace } from '../policies/policy-in-place.js';
import { ActButtons } from './act-buttons.js';
import { Lanes } from './lanes-chart.js';
import type { Lane } from './played.js';
import { type Act, stepsOf } from './scenario.js';
import { StepsTable } from './steps-table.js';
import { usePlayed } from './use-played.js';
import '../../styles/simulator.css';

/** The story that is tried: kept while one looks at other policies, which can so be compared. */
const story = signal<readonly Act[]>([]);

/** Attempts, one after the other, against what governs and, beside it, against the draft. */
export function SimulatorTab({
  policy,
  canEdit,
}: {
  readonly policy: PolicyInPlace;
  readonly canEdit: boolean;
}) {
  const { target, body } = policy;
  const draft = draftOf(target);
  const isTried = isDirty(draft) && !isOutdated(draft, body);
  const isWrong = isTried && checkForm(draft.form, body.limits, WORDING).length > 0;
  const { steps } = stepsOf(story.value);
  const governing = usePlayed({ ...body.settings, limits: body.limits }, steps);
  const drafted = usePlayed(isTried && !isWrong ? draftPolicy(draft.form, body) : null, steps);
  const isRefused = isTried && drafted.problem?.status === 422;
  const lanes: Lane[] = [
    { id: 'governing', name: t('console.simulator.governing'), played: governing.played ?? [] },
  ];
  if (isTried && drafted.played) {
    lanes.push({ id: 'draft', name: t('console.simulator.draft'), played: drafted.played });
  }
  return (
    <div class="stack">
      <Card title={t('console.simulator.title')}>
        <div class="stack">
          <p class="muted">{t('console.simulator.intro')}</p>
          <ActButtons
            acts={story.value}
            settings={body.settings}
            lockEnd={latestEnd(lanes)}
            onChange={(acts) => {
              story.value = acts;
            }}
          />
          {isWrong || isRefused ? (
            <p class="field-error" role="status">
              {t('console.simulator.draft.wrong')}
            </p>
          ) : null}
          {canEdit && !isTried ? <p class="hint">{t('console.simulator.draft.none')}</p> : null}
        </div>
      </Card>
      {governing.problem ? <ProblemText problem={governing.problem} /> : null}
      {drafted.problem && !isRefused ? <ProblemText problem={drafted.problem} /> : null}
      {steps.length === 0 ? (
        <EmptyState icon="simulator" title={t('console.simulator.empty')}>
          {t('console.simulator.empty-text')}
        </EmptyState>
      ) : (
        <Card title={t('console.simulator.table')} flush>
          <Lanes lanes={lanes} />
          <StepsTable steps={steps} lanes={lanes} />
        </Card>
      )}
    </div>
  );
}

/**
 * When the last of the locks in force at the end of the story ends; null: none is in force, or none of them ends by
 * itself.
 */
function latestEnd(lanes: readonly Lane[]): number | null {
  const ends = lanes.flatMap(({ played }) => played.at(-1)?.lock?.until ?? []);
  return ends.length === 0 ? null : Math.max(...ends);
}
