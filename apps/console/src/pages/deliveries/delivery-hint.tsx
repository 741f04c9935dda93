import type { DeliveryPage, SinkView } from 'nestjs-lockout/admin';
import { get } from '../../api.js';
import { now } from '../../clock.js';
import { elapsedParts } from '../../duration-parts.js';
import { locale, t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { to } from '../../router.js';
import { durationText } from '../../time-text.js';

/** What has waited for so long is late, ms. */
const LATE_MS = 300_000;

/** Says so where something was given up or is late; nothing where all is well, or cannot be read. */
export function DeliveryHint() {
  const { data } = useResource('deliveries of the overview', (signal) =>
    get<DeliveryPage>('deliveries', { query: { limit: 1 }, signal }),
  );
  const troubles = (data?.sinks ?? []).flatMap((sink) => troublesOf(sink, now.value));
  if (troubles.length === 0) return null;
  return (
    <section class="notice notice-warning" aria-label={t('console.overview.deliveries')}>
      <p class="notice-title">{t('console.overview.deliveries')}</p>
      {troubles.map((words) => (
        <p key={words}>{words}</p>
      ))}
      <p>
        <a href={to.deliveries()}>{t('console.overview.deliveries.see')}</a>
      </p>
    </section>
  );
}

function troublesOf({ sink, dead, oldestAt }: SinkView, nowMs: number): readonly string[] {
  const lateMs = oldestAt === null ? 0 : nowMs - Date.parse(oldestAt);
  return [
    ...(dead > 0 ? [t('console.overview.deliveries.dead', { sink, count: dead })] : []),
    ...(lateMs >= LATE_MS
      ? [
          t('console.overview.deliveries.late', {
            sink,
            duration: durationText(elapsedParts(lateMs), locale()),
          }),
        ]
      : []),
  ];
}
