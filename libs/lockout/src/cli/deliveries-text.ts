import type { DeliveryView, SinkView } from '../admin/delivery-view.js';
import { type Cell, drawnTable } from './drawn-table.js';
import type { Paint } from './paint.js';
import { timeText } from './time-text.js';

/** How every sink stands. */
export function sinksText(sinks: readonly SinkView[], now: number, paint: Paint): string {
  const rows = sinks.map(({ sink, waiting, dead, oldestAt }): readonly Cell[] => [
    { text: sink, tone: 'strong' },
    waiting,
    dead > 0 ? { text: String(dead), tone: 'locked' } : dead,
    timeText(oldestAt, now),
  ]);
  return drawnTable(['sink', 'waiting', 'given up', 'oldest waits since'], rows, paint);
}

/** Deliveries, oldest first; the id is what `--retry` and `--drop` want. */
export function deliveriesText(deliveries: readonly DeliveryView[], now: number, paint: Paint): string {
  const rows = deliveries.map(({ id, sink, tries, dueAt, problem, event }): readonly Cell[] => [
    id,
    sink,
    event.type,
    event.account,
    event.realm === 'default' ? null : event.realm,
    timeText(event.at, now),
    tries,
    timeText(dueAt, now),
    problem,
  ]);
  const head = ['id', 'sink', 'what', 'account', 'realm', 'when', 'tries', 'next try', 'problem'];
  return drawnTable(head, rows, paint);
}
