import type { Explanation } from 'nestjs-lockout/admin';
import { useId, useState } from 'preact/hooks';
import { get } from '../../api.js';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { navigate, place, to } from '../../router.js';
import { Until } from '../../time.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Card } from '../../ui/card.js';
import { Icon } from '../../ui/icon.js';
import { Shown } from '../../ui/shown.js';
import { Sentences } from '../subjects/detail-cards.js';

interface AttemptCheckProps {
  readonly realm: string;
  readonly account: string;
  /** The name is one that nobody has. */
  readonly unknown: boolean;
}

/** Would an attempt from there get through now? For whoever is refused although the account is not locked. */
export function AttemptCheck(props: AttemptCheckProps) {
  const { segments, query } = place.value;
  const from = query['from'] ?? '';
  const [address, setAddress] = useState(from);
  const id = useId();
  return (
    <Card title={t('console.check.title')}>
      <div class="stack">
        <form
          class="inline-form"
          onSubmit={(event) => {
            event.preventDefault();
            navigate(segments, { ...query, from: address.trim() }, { replace: true });
          }}
        >
          <div class="field">
            <label for={id}>{t('console.check.address')}</label>
            <input
              id={id}
              type="text"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              value={address}
              onInput={(event) => setAddress(event.currentTarget.value)}
            />
          </div>
          <Button type="submit">{t('console.check.action')}</Button>
        </form>
        {from === '' ? <p class="muted">{t('console.check.hint')}</p> : <Outcome {...props} from={from} />}
      </div>
    </Card>
  );
}

function Outcome({ realm, account, unknown, from }: AttemptCheckProps & { readonly from: string }) {
  const resource = useResource(`explain ${realm} ${account} ${from}`, (signal) =>
    get<Explanation>('explain', {
      query: { realm, account, address: from, ...(unknown ? { unknown } : {}) },
      signal,
    }),
  );
  return (
    <Shown of={resource} lines={2}>
      {({ allowed, refusal, summary, address }) => (
        <div class={`notice ${allowed ? 'notice-success' : 'notice-danger'}`}>
          <Icon name={allowed ? 'check' : 'warning'} />
          <div class="stack">
            <p class="notice-title">
              {allowed ? t('console.check.allowed') : t('console.check.refused')}
              {refusal?.reason === 'locked' ? (
                <>
                  {': '}
                  <Until until={refusal.retryAt} words />
                </>
              ) : null}
            </p>
            <Sentences sentences={summary} />
          </div>
          {allowed ? null : (
            <ButtonLink small href={to.address({ realm, address: address ?? from })}>
              {t('console.check.see-address')}
            </ButtonLink>
          )}
        </div>
      )}
    </Shown>
  );
}
