import type { DeliveriesAnswer, DeliveryView } from 'nestjs-lockout/admin';
import { send } from '../../api.js';
import { spelled } from '../../foreign-text.js';
import { changed } from '../../live.js';
import { t } from '../../messages.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { focusHeading } from '../../ui/page.js';
import { toast } from '../../ui/toasts.js';
import { deliveryName } from './delivery-list.js';

/** What is to be done with which dead letters. */
export interface DeliveryChange {
  readonly kind: 'retry' | 'drop';
  readonly deliveries: readonly DeliveryView[];
}

const REASONS = {
  retry: ['console.deliveries.reason.back', 'console.deliveries.reason.repaired'],
  drop: ['console.deliveries.reason.useless', 'console.deliveries.reason.told'],
} as const;

/** Shows what is about to be repeated or dropped, asks why, and does it. */
export function DeliveriesDialog({
  change: { kind, deliveries },
  onDone,
  onClose,
}: {
  readonly change: DeliveryChange;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  return (
    <ConfirmDialog
      title={t(`console.deliveries.${kind}.title`, { count: deliveries.length })}
      confirm={t(`console.deliveries.${kind}`)}
      look={kind === 'drop' ? 'danger' : 'primary'}
      reasons={REASONS[kind].map((id) => t(id))}
      onClose={onClose}
      onConfirm={async (reason, change) => {
        const ids = deliveries.map(({ id }) => id);
        const { count } = await send<DeliveriesAnswer>(
          'POST',
          `deliveries/${kind}`,
          { ids, reason },
          { change },
        );
        toast(t(`console.deliveries.${kind}.done`, { count }));
        onDone();
        changed();
        // The rows that were acted on are gone.
        requestAnimationFrame(focusHeading);
      }}
    >
      <ul class="review">
        {deliveries.map((delivery) => (
          <li key={delivery.id}>
            <bdi class="review-name">{deliveryName(delivery)}</bdi>
            {delivery.problem === null ? null : (
              <bdi class="review-lock muted delivery-problem">{spelled(delivery.problem)}</bdi>
            )}
          </li>
        ))}
      </ul>
      <p class="muted">{t(`console.deliveries.${kind}.effect`)}</p>
    </ConfirmDialog>
  );
}
