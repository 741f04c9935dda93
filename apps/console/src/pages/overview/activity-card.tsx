import type { OverviewSlice, OverviewView } from 'nestjs-lockout/admin';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { locale, type MessageId, t } from '../../messages.js';
import { shortText } from '../../time-text.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { type Column, Table } from '../../ui/table.js';
import { exactDuration } from '../page-wording.js';
import { busiest, columnsOf, type Measure, rowsOf, slicesInRow, total } from './activity.js';
import { Chart } from './chart.js';

interface ActivityCardProps {
  readonly overview: OverviewView;
  readonly hours: number;
  /** The choice of the time that is shown. */
  readonly ranges: ComponentChildren;
}

/** The shape of the last hours: as charts, or as a table with the same numbers. */
export function ActivityCard({ overview, hours, ranges }: ActivityCardProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <Card
      title={t('console.overview.activity', { hours })}
      actions={
        <>
          {ranges}
          <Button look="quiet" small onClick={() => setAsTable(!asTable)}>
            {t(asTable ? 'console.overview.as-chart' : 'console.overview.as-table')}
          </Button>
        </>
      }
    >
      {asTable ? <ActivityTable overview={overview} /> : <Charts overview={overview} />}
    </Card>
  );
}

function Charts({ overview: { slices, sliceMs } }: { readonly overview: OverviewView }) {
  const { seconds, locked, ended, refused } = columnsOf(slices);
  const spanAt = (index: number): string => {
    const at = Date.parse(slices[index]?.at ?? '');
    return new Intl.DateTimeFormat(locale(), {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).formatRange(at, at + sliceMs);
  };
  const busy = busiest(slices, 'refused');
  return (
    <div class="charts">
      <Chart
        title={t('console.overview.locks')}
        summary={t('console.overview.locks.summary', {
          locked: total(slices, 'locked'),
          ended: total(slices, 'unlocked') + total(slices, 'expired'),
        })}
        seconds={seconds}
        sliceSeconds={sliceMs / 1000}
        series={[
          { label: t('console.overview.locked'), colour: 'locked', values: locked },
          { label: t('console.overview.ended'), colour: 'ended', values: ended },
        ]}
        height={190}
        readout={(index) =>
          t('console.overview.locks.at', {
            span: spanAt(index),
            locked: locked[index] ?? 0,
            ended: Math.abs(ended[index] ?? 0),
          })
        }
      />
      <Chart
        title={t('console.overview.refusals')}
        summary={t('console.overview.refusals.summary', {
          refused: total(slices, 'refused'),
          busiest: busy === null ? 'none' : shortText(busy, locale(), Date.parse(busy)).slice(0, 5),
        })}
        seconds={seconds}
        sliceSeconds={sliceMs / 1000}
        series={[{ label: t('console.overview.refused-attempts'), colour: 'refused', values: refused }]}
        height={140}
        readout={(index) =>
          t('console.overview.refusals.at', { span: spanAt(index), refused: refused[index] ?? 0 })
        }
      />
    </div>
  );
}

const COLUMNS: readonly { readonly measure: Measure; readonly title: MessageId }[] = [
  { measure: 'locked', title: 'console.overview.locked' },
  { measure: 'unlocked', title: 'console.overview.unlocked' },
  { measure: 'expired', title: 'console.overview.expired' },
  { measure: 'failed', title: 'console.overview.failed' },
  { measure: 'refused', title: 'console.overview.refused-attempts' },
];

function ActivityTable({ overview: { slices, sliceMs, now } }: { readonly overview: OverviewView }) {
  const columns: readonly Column<OverviewSlice>[] = [
    {
      id: 'time',
      title: t('console.overview.time'),
      isName: true,
      cell: ({ at }) => (
        <time dateTime={at}>{shortText(at, locale(), Date.parse(now)).replace(/:00$/, '')}</time>
      ),
    },
    ...COLUMNS.map(({ measure, title }) => ({
      id: measure,
      title: t(title),
      align: 'end' as const,
      cell: (slice: OverviewSlice) => (
        <span class={slice[measure] === 0 ? 'muted' : undefined}>
          {slice[measure].toLocaleString(locale())}
        </span>
      ),
    })),
  ];
  return (
    <Table
      caption={t('console.overview.table-of', { length: exactDuration(sliceMs * slicesInRow(slices)) })}
      columns={columns}
      rows={rowsOf(slices)}
      rowId={({ at }) => at}
    />
  );
}
