import { bulkMaximum } from '../../me.js';
import { t } from '../../messages.js';
import type { Offer } from '../../selection.js';
import { Button } from '../../ui/button.js';
import { reasonText, Support } from '../../ui/problem-text.js';
import type { SubjectItem, SubjectKind } from './subject.js';

interface SelectionBarProps<Item extends SubjectItem> {
  readonly offer: Offer<Item>;
  readonly kind: SubjectKind<Item>;
  readonly onUnlock: (items: readonly Item[]) => void;
  readonly onClear: () => void;
}

/** What can be done with the ticked ones; unlocking only where all of them can be unlocked (CS-17). */
export function SelectionBar<Item extends SubjectItem>({
  offer,
  kind,
  onUnlock,
  onClear,
}: SelectionBarProps<Item>) {
  if (offer.kind === 'nothing') return null;
  const maximum = bulkMaximum.value;
  const support =
    offer.kind === 'ineligible' ? offer.ineligible.find((item) => item.support)?.support : undefined;
  return (
    <section class="selection-bar" aria-label={t('console.list.column.select')}>
      <p aria-live="polite">
        <strong>{t('console.unlock.chosen', { count: offer.items.length, maximum })}</strong>
        {offer.kind === 'ineligible' ? (
          <span>
            {t('console.unlock.ineligible', {
              count: offer.ineligible.length,
              names: offer.ineligible.map(
                (item) => `${kind.nameOf(item)} (${item.reasons.map(reasonText).join('; ')})`,
              ),
            })}
          </span>
        ) : offer.items.length >= maximum ? (
          <span>{t('console.unlock.at-most', { maximum })}</span>
        ) : null}
      </p>
      {support ? <Support text={support} /> : null}
      <Button onClick={onClear}>{t('console.unlock.clear')}</Button>
      {offer.kind === 'unlock' ? (
        <Button look="primary" onClick={() => onUnlock(offer.items)}>
          {t(kind.selected)}
        </Button>
      ) : null}
    </section>
  );
}
