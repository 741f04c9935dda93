import { useId, useState } from 'preact/hooks';
import { now } from '../../clock.js';
import { changed } from '../../live.js';
import { t } from '../../messages.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { toast } from '../../ui/toasts.js';
import { LOCK_LENGTHS, type LockLength, lockEnd } from './lock-end.js';
import { lockByHand } from './manual-lock.js';

interface LockDialogProps {
  readonly realm: string;
  readonly account: string;
  readonly onDone?: () => void;
  readonly onClose: () => void;
}

/** Locks an account by hand: until when, why, confirm; and the way back while the message about it is shown. */
export function LockDialog({ realm, account, onDone, onClose }: LockDialogProps) {
  const [length, setLength] = useState<LockLength>('hour');
  const [moment, setMoment] = useState('');
  const end = lockEnd(length, moment, now.value);
  const isOver = end === undefined && moment !== '';
  const id = useId();
  return (
    <ConfirmDialog
      title={t('console.lock.title.account', { name: account })}
      confirm={t('console.lock.confirm')}
      look="danger"
      ready={end !== undefined}
      reasons={[
        t('console.lock.reason.suspected'),
        t('console.lock.reason.asked'),
        t('console.lock.reason.left'),
      ]}
      onClose={onClose}
      onConfirm={async (reason, change) => {
        if (end === undefined) return;
        const undo = await lockByHand({ realm, account, until: end, reason }, change);
        toast(t('console.lock.done', { name: account }), {
          undo: async () => {
            await undo(t('console.lock.undo.reason'));
            toast(t('console.lock.undone', { name: account }));
            changed();
          },
        });
        changed();
        onDone?.();
      }}
    >
      <p class="muted">{t('console.lock.lead')}</p>
      <fieldset class="field">
        <legend>{t('console.lock.until')}</legend>
        <div class="choices">
          {LOCK_LENGTHS.map((choice) => (
            <label key={choice} class="choice choice-radio">
              <input
                type="radio"
                name={id}
                value={choice}
                checked={choice === length}
                data-first-focus={choice === length || undefined}
                onChange={() => setLength(choice)}
              />
              {t(`console.lock.until.${choice}`)}
            </label>
          ))}
        </div>
      </fieldset>
      {length === 'moment' ? (
        <div class="field">
          <label for={`${id}-moment`}>{t('console.lock.moment')}</label>
          <input
            id={`${id}-moment`}
            type="datetime-local"
            required
            value={moment}
            aria-invalid={isOver || undefined}
            aria-describedby={isOver ? `${id}-over` : undefined}
            onInput={(event) => setMoment(event.currentTarget.value)}
          />
          {isOver ? (
            <p class="field-error" id={`${id}-over`}>
              {t('console.lock.moment.past')}
            </p>
          ) : null}
        </div>
      ) : null}
    </ConfirmDialog>
  );
}
