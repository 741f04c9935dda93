import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { html, Markup } from './markup.js';
import { momentText } from './moment-text.js';
import { count, share } from './plain-number.js';
import { chartSection } from './report-chart.js';
import { policiesSection, warningsSection } from './report-policies.js';
import { REPORT_SCRIPT } from './report-script.js';
import { REPORT_STYLE } from './report-style.js';
import { timelineSection } from './report-timeline.js';
import type { Simulation } from './simulation.js';
import { summarySentences } from './summary-sentences.js';

const packages = createRequire(import.meta.url);
const textOf = (file: string): string => readFileSync(packages.resolve(file), 'utf8');

/** Only these scripts run, whatever else got into the page. */
const hashOf = (script: string): string => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

function keyNumbers({ report }: Simulation): Markup {
  const { attempts, accounts, owners, guesses, locks } = report;
  const cards = [
    {
      value: count(locks.total),
      label: 'locks',
      note: `${count(accounts.locked)} of ${count(accounts.seen)} accounts`,
    },
    {
      value: count(guesses.prevented),
      label: 'wrong guesses never looked at',
      note: `${share(guesses.prevented, attempts.failure)} of all failures`,
    },
    {
      value: count(accounts.ownersTurnedAway),
      label: 'true owners turned away',
      note: `${share(accounts.ownersTurnedAway, accounts.owners)} of ${count(accounts.owners)}, ${count(owners.turnedAway)} times in all`,
    },
    {
      value: count(guesses.mostVerifiedAtOneAccount),
      label: 'most guesses verified at one account',
      note: `${count(guesses.mostAtOneAccount)} in the log`,
    },
  ];
  return html`<dl class="cards">${cards.map(({ value, label, note }) => html`<div><dt>${label}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`)}</dl>`;
}

const METHOD_OF_COUNTING = html`<section aria-labelledby="how">
<h2 id="how">How this was found</h2>
<p>Every line of the log was given to the same rule that decides in production, in the order of time. What the policies would have refused was not verified: its outcome in the log was not looked at. A <em>true owner</em> is somebody who brought the right credential; where the policies would have refused it, the owner was <em>turned away</em>. A log cannot tell an owner from a thief who guessed right, so a break-in that would have been stopped is counted there too. The log is taken as it is: nobody gives up because of a lock, and nobody comes back after it.</p>
</section>`;

/** One HTML page that needs nothing else: no other host is asked, and text of the log is never code. */
export function reportPage(simulation: Simulation): string {
  const { report, log, title, madeAt } = simulation;
  const span = report.span ?? { from: 0, to: 0 };
  const chartLibrary = textOf('uplot/dist/uPlot.iife.min.js');
  const scripts = [chartLibrary, REPORT_SCRIPT];
  const policy = `default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${scripts.map(hashOf).join(' ')}`;
  const accounts = timelineSection(
    {
      id: 'accounts',
      title: 'The most locked accounts',
      column: 'account',
      caption: `The ${count(report.topAccounts.length)} accounts with the most locks, and when they would have been locked. Point at a bar to read it.`,
    },
    report.topAccounts,
    span,
  );
  const others = timelineSection(
    {
      id: 'others',
      title: 'The most locked addresses and other subjects',
      column: 'subject',
      caption: 'Locked for whoever signs in there; refused counts what these locks refused.',
    },
    report.topOthers,
    span,
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>What ${title} would have done</title>
<link rel="icon" href="data:,">
<style>${new Markup(textOf('uplot/dist/uPlot.min.css'))}</style>
<style>${new Markup(REPORT_STYLE)}</style>
</head>
<body>
<main>
<header>
<h1>What ${title} would have done</h1>
<p class="about">With <bdi>${log}</bdi>, from ${momentText(span.from)} to ${momentText(span.to)}. Made ${momentText(madeAt)}. This page holds names from the log.</p>
</header>
${keyNumbers(simulation)}
<section aria-labelledby="summary">
<h2 id="summary">In short</h2>
${summarySentences(simulation).map((sentence) => html`<p>${sentence}</p>`)}
</section>
${chartSection(report.series)}
${accounts}
${others}
${warningsSection(simulation)}
${policiesSection(simulation)}
${METHOD_OF_COUNTING}
</main>
<script>${new Markup(chartLibrary)}</script>
<script>${new Markup(REPORT_SCRIPT)}</script>
</body>
</html>
`;
  return page.text;
}
