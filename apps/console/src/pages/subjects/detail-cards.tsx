import type { CounterView, EventView, Sentence } from 'nestjs-lockout/admin';
import { EventList } from '../../events/event-list.js';
import { sentenceText, t } from '../../messages.js';
import { Badge } from '../../ui/badge.js';
import { Card } from '../../ui/card.js';
import { Icon } from '../../ui/icon.js';

/** Who refuses what until when, what clears it, and what the next attempt would do: in the server's sentences. */
export function SummaryCard({ sentences }: { readonly sentences: readonly Sentence[] }) {
  if (sentences.length === 0) return null;
  return (
    <Card title={t('console.account.next')}>
      <Sentences sentences={sentences} />
    </Card>
  );
}

/** Each counter with its explanation, closed at first. */
export function CountersCard({ counters }: { readonly counters: readonly CounterView[] }) {
  return (
    <Card title={t('console.account.counters')} flush>
      {counters.length === 0 ? (
        <p class="muted card-text">{t('console.account.counters.none')}</p>
      ) : (
        <div class="counters">
          {counters.map((counter) => (
            <Counter key={counter.id} counter={counter} />
          ))}
        </div>
      )}
    </Card>
  );
}

function Counter({ counter }: { readonly counter: CounterView }) {
  const { policy, address, failures, inFlight, lock, explanation } = counter;
  return (
    <details class="counter">
      <summary>
        <Icon name="chevron" />
        <span class="counter-name">{policy}</span>
        {address === null ? null : <bdi class="muted">{address}</bdi>}
        <span class="counter-facts">
          <span>{t('console.account.counter.failures', { failures })}</span>
          {inFlight > 0 ? <span>{t('console.account.counter.in-flight', { count: inFlight })}</span> : null}
          {lock ? (
            <Badge tone="danger">{t('console.account.counter.locked')}</Badge>
          ) : (
            <Badge>{t('console.account.counter.free')}</Badge>
          )}
        </span>
      </summary>
      <Sentences sentences={explanation} />
    </details>
  );
}

/** Sentences of the server, each a paragraph. */
export function Sentences({ sentences }: { readonly sentences: readonly Sentence[] }) {
  return (
    <div class="summary">
      {sentences.map((sentence) => (
        <p key={`${sentence.id} ${sentence.text}`}>{sentenceText(sentence)}</p>
      ))}
    </div>
  );
}

/** The latest of what was recorded; `all` leads to the rest. */
export function EventsCard({
  events,
  all,
}: {
  readonly events: readonly EventView[];
  readonly all: string | null;
}) {
  return (
    <Card
      title={t('console.account.events')}
      actions={all === null ? null : <a href={all}>{t('console.account.events.all')}</a>}
    >
      {events.length === 0 ? (
        <p class="muted">{t('console.account.events.none')}</p>
      ) : (
        <EventList events={events} showSubject={false} brief />
      )}
    </Card>
  );
}
