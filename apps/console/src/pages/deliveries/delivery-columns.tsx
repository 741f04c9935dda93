import type { DeliveryState, DeliveryView } from 'nestjs-lockout/admin';
import { spelled } from '../../foreign-text.js';
import { viewableRealms } from '../../me.js';
import { locale, t } from '../../messages.js';
import { to } from '../../router.js';
import { Time } from '../../time.js';
import { Badge } from '../../ui/badge.js';
import type { Column } from '../../ui/table.js';
import { SelectBox } from '../subjects/select-box.js';
import type { Ticking } from '../subjects/subject-columns.js';
import { deliveryName } from './delivery-list.js';

type Ticks = Omit<Ticking<DeliveryView>, 'isFull' | 'maximum'>;

/** Columns of deliveries: what happened to whom, where it should go, and why it did not get there. */
export function deliveryColumns(state: DeliveryState, ticks: Ticks): readonly Column<DeliveryView>[] {
  return [
    ...(state === 'dead' ? [selectColumn(ticks)] : []),
    { id: 'name', title: t('console.deliveries.event'), isName: true, cell: EventCell },
    {
      id: 'sink',
      title: t('console.deliveries.sink'),
      cell: ({ sink }) => <bdi>{sink}</bdi>,
    },
    {
      id: 'why',
      title: t('console.deliveries.problem'),
      cell: ({ problem }) =>
        problem === null ? (
          <span class="muted">{t('console.deliveries.untried')}</span>
        ) : (
          <bdi class="delivery-problem">{spelled(problem)}</bdi>
        ),
    },
    {
      id: 'tries',
      title: t('console.deliveries.tries'),
      cell: ({ tries }) => tries.toLocaleString(locale()),
    },
    ...(state === 'waiting' ? [dueColumn()] : []),
  ];
}

const selectColumn = ({ isTicked, toggle, toggleAll, ticked }: Ticks): Column<DeliveryView> => ({
  id: 'select',
  title: t('console.list.column.select'),
  untitled: true,
  head: (
    <SelectBox
      label={t('console.deliveries.select-all')}
      checked={ticked === 'all'}
      mixed={ticked === 'some'}
      onToggle={toggleAll}
    />
  ),
  cell: (delivery) => (
    <SelectBox
      label={t('console.list.select', { name: deliveryName(delivery) })}
      checked={isTicked(delivery)}
      onToggle={() => toggle(delivery)}
    />
  ),
});

const dueColumn = (): Column<DeliveryView> => ({
  id: 'due',
  title: t('console.deliveries.due'),
  cell: ({ dueAt }) => (dueAt === null ? null : <Time at={dueAt} />),
});

function EventCell({ event: { type, at, realm, account, address } }: DeliveryView) {
  return (
    <span class="cell-lines">
      <Badge>{t(`console.event.type.${type}`)}</Badge>
      {account === null ? null : (
        <a href={to.account({ realm, account })}>
          <bdi>{spelled(account)}</bdi>
        </a>
      )}
      {account === null && address !== null ? (
        <a href={to.address({ realm, address })}>
          <bdi>{address}</bdi>
        </a>
      ) : null}
      {viewableRealms.value.length > 1 ? <span class="muted">{realm}</span> : null}
      <span class="muted">
        <Time at={at} />
      </span>
    </span>
  );
}
