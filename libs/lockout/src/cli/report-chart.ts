import type { SeriesReport } from '../policy/index.js';
import { html, jsonMarkup, type Markup } from './markup.js';
import { durationText, momentText } from './moment-text.js';
import { count } from './plain-number.js';

/** Rows of the table beside the chart: as many as somebody would read. */
const TABLE_ROWS = 24;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / Math.max(1, values.length);

/** The same numbers for readers who do not see the chart, in wider intervals. */
function seriesTable(series: SeriesReport): Markup {
  const { from, widthMs, attempts } = series;
  const together = Math.max(1, Math.ceil(attempts.length / TABLE_ROWS));
  const starts = Array.from({ length: Math.ceil(attempts.length / together) }, (_, row) => row * together);
  const rows = starts.map((start) => {
    const of = (values: readonly number[]) => values.slice(start, start + together);
    return html`<tr><th scope="row">${momentText(from + start * widthMs)}</th><td>${count(sum(of(attempts)))}</td><td>${count(sum(of(series.guesses)))}</td><td>${count(sum(of(series.refused)))}</td><td>${count(sum(of(series.turnedAway)))}</td><td>${count(Math.round(mean(of(series.inForce)) * 10) / 10)}</td></tr>`;
  });
  return html`<details><summary>The same as a table</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Attempts over time, as a table"><table>
<caption>Each row is ${durationText(widthMs * together)}.</caption>
<thead><tr><th scope="col">from</th><th scope="col">attempts</th><th scope="col">wrong guesses verified</th><th scope="col">refused</th><th scope="col">owners turned away</th><th scope="col">locks in force</th></tr></thead>
<tbody>
${rows}
</tbody></table></div></details>`;
}

/** Attempts and locks over time. The script of the page draws into the two empty boxes. */
export function chartSection(series: SeriesReport): Markup {
  const busiest = Math.max(0, ...series.inForce);
  const alternative = `${count(sum(series.attempts))} attempts in ${count(series.attempts.length)} intervals of ${durationText(series.widthMs)}; at most ${count(busiest)} locks in force on average over one of them. The table below has the numbers.`;
  return html`<section aria-labelledby="over-time">
<h2 id="over-time">Over time</h2>
<figure>
<div id="attempts-chart" class="chart" role="img" aria-label="${`Attempts over time: ${alternative}`}"></div>
<div id="locks-chart" class="chart" role="img" aria-label="${`Locks in force over time: ${alternative}`}"></div>
<figcaption>Each step is ${durationText(series.widthMs)}; times are UTC. Click a name below a chart to hide or show its line.</figcaption>
</figure>
${seriesTable(series)}
<script type="application/json" id="series">${jsonMarkup(series)}</script>
</section>`;
}
