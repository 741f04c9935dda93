import { now } from './clock.js';
import { elapsedParts, lengthParts, remainingParts } from './duration-parts.js';
import { locale, t } from './messages.js';
import { absoluteText, durationText, shortText } from './time-text.js';

/** Less than this ago is "just now": clocks and answers take a moment too. */
const JUST_NOW_MS = 5_000;

/** How far off a moment is, in words; ticks. */
export function relativeText(iso: string, nowMs: number): string {
  const aheadMs = Date.parse(iso) - nowMs;
  if (aheadMs > 0) return t('console.time.in', { duration: durationText(remainingParts(aheadMs), locale()) });
  if (aheadMs > -JUST_NOW_MS) return t('console.time.just-now');
  return t('console.time.ago', { duration: durationText(elapsedParts(-aheadMs), locale()) });
}

/** A length of time in words. */
export const lengthText = (ms: number): string => durationText(lengthParts(ms), locale());

/** A moment: how far off (ticking) and when, in the operator's time zone; the exact moment on hovering. */
export function Time({ at, only }: { readonly at: string; readonly only?: 'relative' | 'absolute' }) {
  const title = `${absoluteText(at, locale())} (${at})`;
  return (
    <time class="time" dateTime={at} title={title}>
      {only === 'absolute' ? null : <span class="time-relative">{relativeText(at, now.value)}</span>}
      {only === undefined ? ' ' : null}
      {only === 'relative' ? null : <span class="time-absolute">{shortText(at, locale(), now.value)}</span>}
    </time>
  );
}

/** When a lock ends; null: until somebody unlocks it. `words`: stands in a sentence, without a heading over it. */
export function Until({ until, words = false }: { readonly until: string | null; readonly words?: boolean }) {
  if (until === null) return <span class="until-unlocked">{t('console.time.until-unlocked')}</span>;
  if (Date.parse(until) <= now.value) return <span class="time-relative">{t('console.time.over')}</span>;
  return (
    <>
      {words ? `${t('console.time.ends')} ` : null}
      <Time at={until} />
    </>
  );
}
