import type { DeliveryView } from 'nestjs-lockout/admin';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { place, to } from '../../router.js';
import { type Selection, stillThere, toggled, toggledAll } from '../../selection.js';
import { Button } from '../../ui/button.js';
import { EmptyState } from '../../ui/empty-state.js';
import { Page } from '../../ui/page.js';
import { Pager } from '../../ui/pager.js';
import { Shown } from '../../ui/shown.js';
import { Table } from '../../ui/table.js';
import { DeliveriesDialog, type DeliveryChange } from './deliveries-dialog.js';
import { deliveryColumns } from './delivery-columns.js';
import { deliveryFilterOf, deliveryQuery, readDeliveries } from './delivery-list.js';
import { SinksCard } from './sinks-card.js';
import '../../styles/deliveries.css';

/** Deliveries come and go without an event of their own, ms. */
const REREAD_MS = 5_000;
/** As many as the server takes at once. */
const MAXIMUM = 100;

const STATES = ['dead', 'waiting'] as const;

/** What is on its way to sinks, and what was given up: seen, repeated or dropped. */
export function DeliveriesPage() {
  const { query } = place.value;
  const filter = deliveryFilterOf(query);
  const { state } = filter;
  const cursor = query['cursor'];
  const resource = useResource(`deliveries ${JSON.stringify({ ...filter, cursor })}`, (signal) =>
    readDeliveries(filter, cursor, signal),
  );
  const { data, reload } = resource;
  const [selection, setSelection] = useState<Selection>(new Set());
  const [change, setChange] = useState<DeliveryChange | null>(null);
  useEffect(() => {
    const timer = setInterval(reload, REREAD_MS);
    return () => clearInterval(timer);
  }, [reload]);
  const rows = data?.items ?? [];
  // A tick never outlives what was ticked.
  const ticks = stillThere(selection, rows);
  const chosen = rows.filter(({ id }) => ticks.has(id));
  const columns = deliveryColumns(state, {
    isTicked: ({ id }) => ticks.has(id),
    toggle: ({ id }) => setSelection(toggled(ticks, id, MAXIMUM)),
    toggleAll: () => setSelection(toggledAll(ticks, rows, MAXIMUM)),
    ticked: ticks.size === 0 ? 'none' : ticks.size === rows.length ? 'all' : 'some',
  });
  return (
    <Page title={t('console.deliveries.title')} lead={t('console.deliveries.lead')}>
      <Shown of={resource} lines={8}>
        {({ items, sinks, nextCursor }) => (
          <>
            <SinksCard sinks={sinks} current={filter} />
            <div class="filters">
              <nav class="segments" aria-label={t('console.deliveries.state')}>
                {STATES.map((one) => (
                  <a
                    key={one}
                    href={to.deliveries(deliveryQuery({ ...filter, state: one }))}
                    aria-current={one === state ? 'page' : undefined}
                  >
                    {t(`console.deliveries.${one}`)}
                  </a>
                ))}
              </nav>
            </div>
            <div class="card card-flush">
              <div class="card-body">
                {items.length === 0 ? (
                  <EmptyState title={t(`console.deliveries.none.${state}`)} />
                ) : (
                  <Table
                    caption={t(`console.deliveries.caption.${state}`)}
                    columns={columns}
                    rows={items}
                    rowId={({ id }) => id}
                    isSelected={({ id }) => ticks.has(id)}
                  />
                )}
              </div>
            </div>
            <Chosen deliveries={chosen} onClear={() => setSelection(new Set())} onChange={setChange} />
            <Pager
              first={cursor === undefined ? null : to.deliveries(deliveryQuery(filter))}
              next={
                nextCursor === null ? null : to.deliveries({ ...deliveryQuery(filter), cursor: nextCursor })
              }
            />
          </>
        )}
      </Shown>
      {change ? (
        <DeliveriesDialog
          change={change}
          onClose={() => setChange(null)}
          onDone={() => {
            setSelection(new Set());
            reload();
          }}
        />
      ) : null}
    </Page>
  );
}

/** What can be done with the ticked ones. */
function Chosen({
  deliveries,
  onClear,
  onChange,
}: {
  readonly deliveries: readonly DeliveryView[];
  readonly onClear: () => void;
  readonly onChange: (change: DeliveryChange) => void;
}) {
  if (deliveries.length === 0) return null;
  return (
    <section class="selection-bar" aria-label={t('console.deliveries.selection')}>
      <p aria-live="polite">
        <strong>{t('console.deliveries.chosen', { count: deliveries.length })}</strong>
      </p>
      <Button onClick={onClear}>{t('console.unlock.clear')}</Button>
      <Button look="danger" onClick={() => onChange({ kind: 'drop', deliveries })}>
        {t('console.deliveries.drop')}
      </Button>
      <Button look="primary" onClick={() => onChange({ kind: 'retry', deliveries })}>
        {t('console.deliveries.retry')}
      </Button>
    </section>
  );
}
