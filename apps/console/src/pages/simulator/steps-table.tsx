import { t } from '../../messages.js';
import { Icon, type IconName } from '../../ui/icon.js';
import { type Column, Table } from '../../ui/table.js';
import { WORDING } from '../page-wording.js';
import { type Lane, offsetText, type Played, playedWords, stepWords } from './played.js';
import type { ScenarioStep } from './scenario.js';

interface Row {
  readonly index: number;
  readonly step: ScenarioStep;
}

/** Every step in words, and what each policy made of it. */
export function StepsTable({
  steps,
  lanes,
}: {
  readonly steps: readonly ScenarioStep[];
  readonly lanes: readonly Lane[];
}) {
  const columns: readonly Column<Row>[] = [
    {
      id: 'at',
      title: t('console.simulator.at'),
      cell: ({ step }) => <span class="mono">{offsetText(step.step.at)}</span>,
    },
    {
      id: 'what',
      title: t('console.simulator.what'),
      isName: true,
      cell: ({ step }) => stepWords(step, WORDING),
    },
    ...lanes.map(({ id, name, played }) => ({
      id,
      title: name,
      cell: ({ index }: Row) => {
        const result = played[index];
        return result ? (
          <Result played={result} other={id === 'draft' ? lanes[0]?.played[index] : undefined} />
        ) : null;
      },
    })),
  ];
  return (
    <div class="steps">
      <Table
        caption={t('console.simulator.table')}
        columns={columns}
        rows={steps.map((step, index) => ({ index, step }))}
        rowId={({ index }) => String(index)}
      />
    </div>
  );
}

const toneOf = ({
  verdict,
  locks,
  lock,
}: Played): { readonly tone: string; readonly icon: IconName | null } => {
  if (locks) return { tone: 'locks', icon: 'lock' };
  if (verdict === 'refused') return { tone: 'refused', icon: 'close' };
  if (verdict === 'signed-in') return { tone: 'signed-in', icon: 'check' };
  if (verdict === 'none') return { tone: 'none', icon: lock ? 'lock' : 'unlock' };
  return { tone: 'verified', icon: null };
};

function Result({ played, other }: { readonly played: Played; readonly other: Played | undefined }) {
  const { tone, icon } = toneOf(played);
  const words = playedWords(played, WORDING);
  const differs = other !== undefined && playedWords(other, WORDING) !== words;
  return (
    <span class={`result result-${tone}${differs ? ' is-different' : ''}`}>
      {icon ? <Icon name={icon} /> : <span class="result-dot" aria-hidden="true" />}
      <span>{words}</span>
    </span>
  );
}
