import type { ComponentChildren } from 'preact';
import { t } from '../../messages.js';
import { lockSpans, timeScale } from './lanes.js';
import { type Lane, type Played, totalsOf } from './played.js';

/** Units of the drawing. */
const WIDTH = 1000;
const HEIGHT = 46;
const MARGIN = 14;
const MIDDLE = HEIGHT / 2;
const BAR = 22;

/** The story from left to right: attempts as marks, locks as bars, a line for each policy. Not to scale. */
export function Lanes({ lanes }: { readonly lanes: readonly Lane[] }) {
  const shown = lanes.filter(({ played }) => played.length > 0);
  const first = shown[0]?.played[0]?.at ?? 0;
  const last = Math.max(first, ...shown.map(({ played }) => played.at(-1)?.at ?? first));
  const ends = shown.flatMap(({ played }) => played.flatMap(({ lock }) => lock?.until ?? []));
  // Locks that outlast the story are drawn on for a while.
  const end = ends.some((until) => until > last) ? last + 60_000 : last;
  const moments = shown.flatMap(({ played }) => played.map(({ at }) => at));
  const inside = ends.filter((until) => until <= last);
  const place = timeScale([...moments, ...inside, end]);
  const x = (at: number): number => MARGIN + (WIDTH - 2 * MARGIN) * place(Math.min(at, end));
  return (
    <figure class="lanes">
      <figcaption class="lanes-head">
        <span>{t('console.simulator.lanes')}</span>
        <Legend />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled must be reached by keyboard */}
      <section class="lanes-scroll" tabIndex={0} aria-label={t('console.simulator.lanes')}>
        {shown.map(({ id, name, played }) => (
          <div key={id} class="lane">
            <span class="lane-name" aria-hidden="true">
              {name}
            </span>
            <svg
              viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
              role="img"
              aria-label={t('console.simulator.lanes.summary', { name, ...totalsOf(played) })}
            >
              <line class="lane-line" x1={MARGIN} x2={WIDTH - MARGIN} y1={MIDDLE} y2={MIDDLE} />
              {lockSpans(played).map(({ from, to }) => (
                <rect
                  key={from}
                  class="lane-lock"
                  x={x(from)}
                  y={MIDDLE - BAR / 2}
                  width={Math.max(2, (to === null ? WIDTH - 2 : x(to)) - x(from))}
                  height={BAR}
                  rx="3"
                />
              ))}
              {played.map((one, index) => (
                <Mark key={index} x={x(one.at)} verdict={one.verdict} />
              ))}
            </svg>
          </div>
        ))}
      </section>
      <ul class="lanes-totals" aria-hidden="true">
        {shown.map(({ id, name, played }) => (
          <li key={id}>{t('console.simulator.lanes.summary', { name, ...totalsOf(played) })}</li>
        ))}
      </ul>
    </figure>
  );
}

/** An attempt: by its shape, and by its colour. */
function Mark({ x, verdict }: { readonly x: number; readonly verdict: Played['verdict'] }) {
  switch (verdict) {
    case 'failed':
      return <circle class="mark-verified" cx={x} cy={MIDDLE} r="6" />;
    case 'refused':
      return <path class="mark-refused" d={`M${x - 4.5} ${MIDDLE - 4.5}l9 9m0 -9l-9 9`} />;
    case 'signed-in':
      return <path class="mark-signed-in" d={`M${x - 6} ${MIDDLE}l4.500 5 8 -10`} />;
    case 'abandoned':
      return <circle class="mark-abandoned" cx={x} cy={MIDDLE} r="4" />;
    case 'none':
      return <line class="mark-none" x1={x} x2={x} y1={MIDDLE - 8} y2={MIDDLE + 8} />;
    default:
      return verdict satisfies never;
  }
}

/** A mark as it is drawn above, without its meaning for screen readers: they are told in the summary. */
function LegendMark({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg class="legend-mark" viewBox={`0 0 16 ${HEIGHT}`} aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

const LEGEND = [
  ['failed', 'console.simulator.legend.verified'],
  ['refused', 'console.simulator.legend.refused'],
  ['signed-in', 'console.simulator.legend.signed-in'],
] as const;

function Legend() {
  return (
    <ul class="lanes-legend" aria-hidden="true">
      {LEGEND.map(([verdict, id]) => (
        <li key={id}>
          <LegendMark>
            <Mark x={8} verdict={verdict} />
          </LegendMark>
          {t(id)}
        </li>
      ))}
      <li>
        <LegendMark>
          <rect class="lane-lock" x="0" y={MIDDLE - 6} width="16" height="12" rx="2" />
        </LegendMark>
        {t('console.simulator.legend.locked')}
      </li>
    </ul>
  );
}
