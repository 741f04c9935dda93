import type { SinkView } from 'nestjs-lockout/admin';
import { locale, t } from '../../messages.js';
import { to } from '../../router.js';
import { Time } from '../../time.js';
import { Badge } from '../../ui/badge.js';
import { Card } from '../../ui/card.js';
import { EmptyState } from '../../ui/empty-state.js';
import { type Column, Table } from '../../ui/table.js';
import { type DeliveryFilter, deliveryQuery } from './delivery-list.js';

/** So many are counted; there may be more. */
const MOST_COUNTED = 10_000;

/** How every sink stands that something is there for; each number leads to what it counts. */
export function SinksCard({
  sinks,
  current,
}: {
  readonly sinks: readonly SinkView[];
  readonly current: DeliveryFilter;
}) {
  const columns: readonly Column<SinkView>[] = [
    {
      id: 'name',
      title: t('console.deliveries.sink'),
      isName: true,
      cell: ({ sink }) => <bdi>{sink}</bdi>,
    },
    {
      id: 'waiting',
      title: t('console.deliveries.waiting'),
      cell: ({ sink, waiting }) => (
        <a href={to.deliveries(deliveryQuery({ state: 'waiting', sink }))}>{countText(waiting)}</a>
      ),
    },
    {
      id: 'dead',
      title: t('console.deliveries.dead'),
      cell: ({ sink, dead }) => (
        <a href={to.deliveries(deliveryQuery({ state: 'dead', sink }))}>
          {dead > 0 ? <Badge tone="danger">{countText(dead)}</Badge> : countText(dead)}
        </a>
      ),
    },
    {
      id: 'oldest',
      title: t('console.deliveries.oldest'),
      cell: ({ oldestAt }) => (oldestAt === null ? null : <Time at={oldestAt} />),
    },
  ];
  return (
    <Card
      title={t('console.deliveries.sinks')}
      flush
      actions={
        current.sink === '' ? null : (
          <a href={to.deliveries(deliveryQuery({ ...current, sink: '' }))}>
            {t('console.deliveries.sink.all')}
          </a>
        )
      }
    >
      {sinks.length === 0 ? (
        <EmptyState title={t('console.deliveries.sinks.none.title')}>
          {t('console.deliveries.sinks.none.text')}
        </EmptyState>
      ) : (
        <Table
          caption={t('console.deliveries.sinks')}
          columns={columns}
          rows={sinks}
          rowId={({ sink }) => sink}
          isSelected={({ sink }) => sink === current.sink}
        />
      )}
    </Card>
  );
}

const countText = (count: number): string =>
  `${count.toLocaleString(locale())}${count >= MOST_COUNTED ? '+' : ''}`;
