import type { LockBar, LockRow } from '../policy/index.js';
import { html, type Markup, nameMarkup } from './markup.js';
import { durationText, momentText } from './moment-text.js';
import { count, counted, listed } from './plain-number.js';

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A bar that is thinner than this share of the row cannot be seen. */
const MIN_WIDTH_PERCENT = 0.35;

const percent = (value: number): string => `${value.toFixed(3)}%`;

/** Where a bar begins and how long it is, within the log's time; a lock may last beyond it. */
function placeOf(
  { since, until }: LockBar,
  { from, to }: Span,
): { left: number; width: number; beyond: boolean } {
  const whole = Math.max(1, to - from);
  const left = Math.min(100 - MIN_WIDTH_PERCENT, (100 * (since - from)) / whole);
  const end = until === null ? 100 : (100 * (until - from)) / whole;
  return {
    left,
    width: Math.max(MIN_WIDTH_PERCENT, Math.min(100, end) - left),
    beyond: until === null || until > to,
  };
}

const endOf = ({ since, until }: LockBar): string =>
  until === null ? 'without an end' : `until ${momentText(until)} (${durationText(until - since)})`;

function barTitle(bar: LockBar): string {
  const where = bar.only === null ? '' : `, ${bar.only} only`;
  const met = bar.turnedAway > 0 ? `, ${counted(bar.turnedAway, 'right credential')} among them` : '';
  const refused = bar.monitor ? 'only noted' : `refused ${counted(bar.refused, 'attempt')}${met}`;
  return `${bar.policy}${where}: locked ${momentText(bar.since)} ${endOf(bar)}; ${refused}`;
}

function barMarkup(bar: LockBar, span: Span): Markup {
  const { left, width, beyond } = placeOf(bar, span);
  const kinds = ['bar', bar.turnedAway > 0 && 'met', bar.monitor && 'monitor', beyond && 'beyond'];
  return html`<i class="${kinds.filter(Boolean).join(' ')}" style="left:${percent(left)};width:${percent(width)}" title="${barTitle(bar)}"></i>`;
}

/** What the bars of a row say, for those who do not see them. */
function rowWords(row: LockRow): string {
  const [first] = row.bars;
  const met = row.bars.filter((bar) => bar.turnedAway > 0).length;
  const parts = [
    counted(row.locks, 'lock'),
    row.lockedMs > 0 ? `${durationText(row.lockedMs)} in all` : null,
    row.indefinite > 0 ? `${count(row.indefinite)} without an end` : null,
    first ? `the first at ${momentText(first.since)}` : null,
    met > 0 ? `${counted(met, 'lock')} turned a true owner away` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function rowMarkup(row: LockRow, span: Span): Markup {
  const realm = row.realm === 'default' ? null : html` <small>${row.realm}</small>`;
  const nobody = row.known === false ? html` <small>a name that nobody has</small>` : null;
  const more =
    row.withoutBar > 0 ? html`<small class="more">and ${count(row.withoutBar)} more</small>` : null;
  return html`<tr>
<th scope="row">${nameMarkup(row.subject)}${realm}${nobody}</th>
<td class="timeline"><div class="track" role="img" aria-label="${rowWords(row)}">${row.bars.map((bar) => barMarkup(bar, span))}</div>${more}</td>
<td data-label="locks">${count(row.locks)}</td>
<td data-label="locked for">${lockedFor(row)}</td>
<td data-label="refused">${count(row.refused)}</td>
<td data-label="owner turned away" class="${row.turnedAway > 0 ? 'met' : ''}">${count(row.turnedAway)}</td>
</tr>`;
}

const lockedFor = ({ lockedMs, indefinite }: LockRow): string =>
  listed([...(lockedMs > 0 ? [durationText(lockedMs)] : []), ...(indefinite > 0 ? ['no end'] : [])]);

/** Rows of bars: when each of the most locked subjects would have been locked. */
export function timelineSection(
  {
    id,
    title,
    column,
    caption,
  }: { readonly id: string; readonly title: string; readonly column: string; readonly caption: string },
  rows: readonly LockRow[],
  span: Span,
): Markup | null {
  if (rows.length === 0) return null;
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
<table class="timelines">
<caption>${caption}</caption>
<thead><tr><th scope="col">${column}</th><th scope="col" class="axis"><span>${momentText(span.from)}</span><span>${momentText(span.to)}</span></th><th scope="col">locks</th><th scope="col">locked for</th><th scope="col">refused</th><th scope="col">owner turned away</th></tr></thead>
<tbody>
${rows.map((row) => rowMarkup(row, span))}
</tbody></table>
<ul class="legend"><li><i class="bar"></i> locked</li><li><i class="bar met"></i> locked, and a true owner was turned away</li><li><i class="bar monitor"></i> only noted, by a policy that does not enforce</li><li><i class="bar beyond"></i> lasts beyond the log</li></ul>
</section>`;
}
