import { useId, useState } from 'preact/hooks';
import { may, me, supportOf } from '../../me.js';
import { t } from '../../messages.js';
import { navigate, place, to } from '../../router.js';
import { Button } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Page } from '../../ui/page.js';
import { Support } from '../../ui/problem-text.js';
import { LockDialog } from './lock-dialog.js';

/** Locking an account that may be in no list yet: by its realm and id. */
export function LockPage() {
  const { query } = place.value;
  const offered = (me.value?.realms ?? []).map((entry) => entry.realm);
  const [realm, setRealm] = useState(query['realm'] ?? offered[0] ?? '');
  // A link may lead to a realm that is not offered: then it is shown which one it is.
  const realms = offered.includes(realm) ? offered : [...offered, realm];
  const [account, setAccount] = useState(query['account'] ?? '');
  const [locking, setLocking] = useState(false);
  const name = account.trim();
  const isAllowed = may('lock', realm);
  const support = supportOf(realm);
  const id = useId();
  return (
    <Page
      title={t('console.lock.title')}
      parent={{ href: to.accounts(), title: t('console.nav.accounts') }}
      lead={t('console.lock.lead')}
    >
      <Card title={t('console.lock.which')}>
        <form
          class="lock-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (name !== '' && isAllowed) setLocking(true);
          }}
        >
          {realms.length > 1 ? (
            <div class="field">
              <label for={`${id}-realm`}>{t('console.lock.realm')}</label>
              <select
                id={`${id}-realm`}
                value={realm}
                onChange={(event) => setRealm(event.currentTarget.value)}
              >
                {realms.map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </select>
            </div>
          ) : null}
          <div class="field">
            <label for={`${id}-account`}>{t('console.lock.account')}</label>
            <input
              id={`${id}-account`}
              type="text"
              required
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              value={account}
              aria-describedby={`${id}-hint`}
              onInput={(event) => setAccount(event.currentTarget.value)}
            />
            <p class="hint" id={`${id}-hint`}>
              {t('console.lock.account.hint')}
            </p>
          </div>
          {isAllowed ? null : (
            <div class="notice notice-warning" role="status">
              <p class="notice-title">{t('console.lock.forbidden')}</p>
              {support ? <Support text={support} /> : null}
            </div>
          )}
          <div class="state-actions">
            <Button type="submit" look="danger" disabled={name === '' || !isAllowed}>
              {t('console.lock.continue')}
            </Button>
          </div>
        </form>
      </Card>
      {locking ? (
        <LockDialog
          realm={realm}
          account={name}
          onClose={() => setLocking(false)}
          onDone={() => navigate(['accounts', realm, name])}
        />
      ) : null}
    </Page>
  );
}
