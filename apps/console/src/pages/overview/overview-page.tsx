import type { OverviewView } from 'nestjs-lockout/admin';
import { get } from '../../api.js';
import { me, viewableRealms } from '../../me.js';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { navigate, place, to } from '../../router.js';
import { Page } from '../../ui/page.js';
import { Shown } from '../../ui/shown.js';
import { DeliveryHint } from '../deliveries/delivery-hint.js';
import { ActivityCard } from './activity-card.js';
import { BigNumbers } from './big-numbers.js';
import { RecentEvents } from './recent-events.js';
import { TopAddresses } from './top-addresses.js';
import '../../styles/overview.css';

const RANGES = [1, 6, 24] as const;
const DEFAULT_HOURS = 24;
/** Locks in force and refusals are told for the last hour, whatever the charts show. */
const HOUR = 1;

const read = (realm: string, hours: number, signal: AbortSignal) =>
  get<OverviewView>('overview', { query: { realm, hours }, signal });

/** What is going on: numbers of now, the shape of the last hours, who causes it, and what happened last. */
export function OverviewPage() {
  const { query } = place.value;
  const realm = query['realm'] ?? '';
  const hours = RANGES.find((range) => String(range) === query['hours']) ?? DEFAULT_HOURS;
  const present = useResource(`overview ${realm} ${HOUR}`, (signal) => read(realm, HOUR, signal));
  const shape = useResource(`overview ${realm} ${hours}`, (signal) => read(realm, hours, signal));
  return (
    <Page title={t('console.overview.title')} actions={<RealmChoice realm={realm} hours={hours} />}>
      {me.value?.deliver === true ? <DeliveryHint /> : null}
      <Shown of={present} lines={3}>
        {(overview) => <BigNumbers overview={overview} realm={realm} />}
      </Shown>
      <Shown of={shape} lines={8}>
        {(overview) => (
          <>
            <ActivityCard overview={overview} hours={hours} ranges={<Ranges realm={realm} hours={hours} />} />
            <div class="overview-columns">
              <TopAddresses overview={overview} />
              <RecentEvents realm={realm} />
            </div>
          </>
        )}
      </Shown>
    </Page>
  );
}

/** Links, so that a time can be bookmarked and Back works. */
function Ranges({ realm, hours }: { readonly realm: string; readonly hours: number }) {
  return (
    <nav class="segments" aria-label={t('console.overview.range')}>
      {RANGES.map((range) => (
        <a
          key={range}
          class="segment"
          href={to.overview({ realm, hours: range === DEFAULT_HOURS ? null : String(range) })}
          aria-current={range === hours ? 'true' : undefined}
        >
          {t('console.overview.range.hours', { hours: range })}
        </a>
      ))}
    </nav>
  );
}

function RealmChoice({ realm, hours }: { readonly realm: string; readonly hours: number }) {
  const realms = viewableRealms.value;
  if (realms.length < 2) return null;
  return (
    <label class="inline-field">
      <span>{t('console.overview.realm')}</span>
      <select
        value={realm}
        onChange={({ currentTarget }) =>
          navigate([], { realm: currentTarget.value, hours: hours === DEFAULT_HOURS ? null : String(hours) })
        }
      >
        <option value="">{t('console.overview.realm.all')}</option>
        {realms.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
