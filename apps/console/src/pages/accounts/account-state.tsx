import type { AccountDetail } from 'nestjs-lockout/admin';
import { useState } from 'preact/hooks';
import { t } from '../../messages.js';
import { place, to } from '../../router.js';
import { accountName } from '../../subject-text.js';
import { Until } from '../../time.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Icon } from '../../ui/icon.js';
import { reasonText, Support } from '../../ui/problem-text.js';
import { latestEnd } from '../subjects/block-rows.js';
import { ACCOUNTS } from '../subjects/subject.js';
import { UnlockDialog } from '../subjects/unlock-dialog.js';
import { BLOCKS_ID } from './blocks-card.js';

/** The answer to "is this person locked": the warning iff the account itself is (OS-11), and the way to let it in. */
export function AccountState({ account }: { readonly account: AccountDetail }) {
  // As it was when the button was pressed: what is reviewed does not change under the reader.
  const [unlocking, setUnlocking] = useState<AccountDetail | null>(null);
  return (
    <>
      <Banner account={account} onUnlock={() => setUnlocking(account)} />
      {unlocking ? (
        <UnlockDialog kind={ACCOUNTS} items={[unlocking]} onClose={() => setUnlocking(null)} />
      ) : null}
    </>
  );
}

function Banner({ account, onUnlock }: { readonly account: AccountDetail; readonly onUnlock: () => void }) {
  const name = accountName(account);
  // A lock that is only watched refuses nobody: no warning.
  const refusing = account.counters.filter(({ lock, refusesNow }) => lock !== null && refusesNow !== null);
  if (refusing.length === 0) {
    return (
      <section
        class="notice notice-success state-banner"
        aria-label={t('console.account.free.title', { name })}
      >
        <Icon name="check" />
        <div>
          <p class="notice-title">{t('console.account.free.title', { name })}</p>
          <p>{t('console.account.free.text')}</p>
        </div>
        <ButtonLink small href={to.addresses({ realm: account.realm })}>
          {t('console.accounts.see-addresses')}
        </ButtonLink>
      </section>
    );
  }
  const end = latestEnd(refusing.map(({ lock }) => lock?.until ?? null));
  return (
    <section
      class="notice notice-danger state-banner"
      aria-label={t('console.account.locked.title', { name })}
    >
      <Icon name="warning" />
      <div>
        <p class="notice-title">{t('console.account.locked.title', { name })}</p>
        <p>
          {t('console.account.locked.text', { count: refusing.length })} · <Until until={end} words /> ·{' '}
          <a href={detailsHref()}>{t('console.account.see-details')}</a>
        </p>
        {account.unlockable ? null : <Barred account={account} />}
      </div>
      {account.unlockable ? (
        <Button look="primary" onClick={onUnlock}>
          {t('console.unlock.everything')}
        </Button>
      ) : null}
    </section>
  );
}

/** The page that is shown, with the table in sight. */
function detailsHref(): string {
  const [, realm = '', account = ''] = place.value.segments;
  return to.account({ realm, account }, { show: BLOCKS_ID });
}

function Barred({ account: { reasons, support } }: { readonly account: AccountDetail }) {
  return (
    <>
      <p>
        {t('console.account.cannot-unlock')}: {reasons.map(reasonText).join('; ')}
      </p>
      {support ? <Support text={support} /> : null}
    </>
  );
}
