import type { EventView } from 'nestjs-lockout/admin';
import { spelled } from '../foreign-text.js';
import { viewableRealms } from '../me.js';
import { t } from '../messages.js';
import { WORDING } from '../pages/page-wording.js';
import { to } from '../router.js';
import { Time } from '../time.js';
import { Badge } from '../ui/badge.js';
import { eventWords } from './event-words.js';
import '../styles/events.css';

/** The policy of locks that administrators set. */
const MANUAL = 'manual';
/** Stands for all realms. */
const EVERY_REALM = '*';

interface EventListProps {
  readonly events: readonly EventView[];
  /** `false` on the page of the account or address that they are about. Default `true`. */
  readonly showSubject?: boolean;
  /** Only what happened, without what stood before and where it came from. */
  readonly brief?: boolean;
}

/** Recorded events in words, latest first. */
export function EventList({ events, showSubject = true, brief = false }: EventListProps) {
  return (
    <ol class="events" aria-label={t('console.event.list')}>
      {events.map((event) => (
        <li key={event.id} class="event">
          <EventEntry event={event} showSubject={showSubject} brief={brief} />
        </li>
      ))}
    </ol>
  );
}

function EventEntry({
  event,
  showSubject,
  brief,
}: {
  readonly event: EventView;
  readonly showSubject: boolean;
  readonly brief: boolean;
}) {
  const { headline, tone, reason, details } = eventWords(event, WORDING);
  return (
    <>
      <div class="event-head">
        <Badge tone={tone}>{t(`console.event.type.${event.type}`)}</Badge>
        {showSubject ? <Subject event={event} /> : null}
        <span class="event-time">
          <Time at={event.at} />
        </span>
      </div>
      <p class="event-words">{headline}</p>
      {reason === null ? null : <p class="event-reason">{t('console.event.reason', { reason })}</p>}
      {brief ? null : (
        <p class="event-details">
          {details.map((words) => (
            <span key={words}>{words} </span>
          ))}
          <PolicyOf event={event} />
        </p>
      )}
    </>
  );
}

function PolicyOf({ event: { policy, type } }: { readonly event: EventView }) {
  // No policy had a part in it.
  if (type === 'administered') return null;
  if (policy === MANUAL) return <span>{t('console.event.policy.manual')}</span>;
  return <a href={to.policy(policy)}>{t('console.event.policy', { policy })}</a>;
}

/** Whom it happened to: an account, an account at an address, or an address. */
function Subject({ event: { realm, account, address, scope } }: { readonly event: EventView }) {
  const parts = scope.split('+');
  return (
    <span class="event-subject">
      {parts.includes('account') && account === null ? (
        <span class="event-unnamed">{t('console.event.unnamed')}</span>
      ) : null}
      {account === null ? null : (
        <a href={to.account({ realm, account })}>
          <bdi>{spelled(account)}</bdi>
        </a>
      )}
      {address === null ? null : (
        <a class={account === null ? undefined : 'event-address'} href={to.address({ realm, address })}>
          <bdi>{account === null ? address : t('console.event.at-address', { address })}</bdi>
        </a>
      )}
      {viewableRealms.value.length > 1 && realm !== EVERY_REALM ? (
        <span class="event-realm">{t('console.event.realm', { realm })}</span>
      ) : null}
    </span>
  );
}
