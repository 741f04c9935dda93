import type { EraseAnswer } from 'nestjs-lockout/admin';
import { useId, useState } from 'preact/hooks';
import { path, send } from '../../api.js';
import { spelled } from '../../foreign-text.js';
import { changed } from '../../live.js';
import { t } from '../../messages.js';
import { navigate } from '../../router.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { toast } from '../../ui/toasts.js';

interface Erasable {
  /** How it is shown. */
  readonly name: string;
  /** What is to be typed: how the server calls it. */
  readonly confirm: string;
  /** Path segments: realm and account. */
  readonly at: readonly [string, string];
}

/** Forgetting an account, at the end of its page. */
export function EraseCard(account: Erasable) {
  // As it was when the button was pressed.
  const [erasing, setErasing] = useState<Erasable | null>(null);
  return (
    <Card title={t('console.erase.heading')}>
      <div class="erase">
        <p class="muted">{t('console.erase.lead')}</p>
        <Button look="danger" onClick={() => setErasing(account)}>
          {t('console.erase.action')}
        </Button>
      </div>
      {erasing ? <EraseDialog {...erasing} onClose={() => setErasing(null)} /> : null}
    </Card>
  );
}

/** Wants the name typed: nothing brings it back. */
function EraseDialog({ name, confirm, at, onClose }: Erasable & { readonly onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const id = useId();
  const shown = spelled(confirm);
  return (
    <ConfirmDialog
      title={t('console.erase.title', { name })}
      confirm={t('console.erase.confirm')}
      look="danger"
      reasons={[t('console.erase.reason.asked'), t('console.erase.reason.closed')]}
      ready={[confirm, shown].includes(typed.trim())}
      onClose={onClose}
      onConfirm={async (reason, change) => {
        const erased = await send<EraseAnswer>(
          'POST',
          path('accounts', ...at, 'erase'),
          { reason, confirm },
          { change },
        );
        toast(
          erased.changed
            ? t('console.erase.done', { name, events: erased.events })
            : t('console.erase.nothing', { name }),
        );
        changed();
        navigate(['accounts']);
      }}
    >
      <p>{t('console.erase.effect')}</p>
      <div class="field">
        <label for={id}>{t('console.erase.type', { name: confirm })}</label>
        <input
          id={id}
          type="text"
          required
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          data-first-focus
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
    </ConfirmDialog>
  );
}
