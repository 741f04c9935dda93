/** The page's style: light and dark, from a phone to paper. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --text: #1d2327; --soft: #59636b; --line: #dfe3e6;
  --quiet: #6d7c88; --guess: #8a5a00; --lock: #2563b8; --met: #c2185b; --monitor: #8b96a0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181b; --card: #1c2226; --text: #e6eaed; --soft: #a3afb8; --line: #323b42;
    --quiet: #9fb0bd; --guess: #e0a93e; --lock: #6aa9f7; --met: #ff6f9f; --monitor: #77838c;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .6rem; }
h3 { font-size: 1rem; margin: 0 0 .3rem; overflow-wrap: anywhere; }
p { margin: .4rem 0; max-width: 62rem; }
.about, .note, caption, figcaption, small, .hint, .legend { color: var(--soft); }
.about, .note, caption, figcaption, .legend, small { font-size: .875rem; }
bdi, code, .name { overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
.cards div, article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; }
.cards div { display: flex; flex-direction: column; }
.cards dt { order: 1; }
.cards dd { margin: 0; font-size: 2rem; font-weight: 650; line-height: 1.15; font-variant-numeric: tabular-nums; }
.cards .note { order: 2; font-size: .875rem; font-weight: 400; line-height: 1.4; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .75rem; }
.chart { width: 100%; overflow: hidden; }
.chart .uplot { max-width: 100%; }
.u-legend { font-size: .8125rem; }
.u-legend.u-inline tr { margin-right: .75rem; }
details { margin-top: .6rem; }
summary { cursor: pointer; color: var(--soft); }
.scroll, pre { overflow-x: auto; }
pre { font-size: .8125rem; background: var(--page); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .4rem; }
th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: middle; }
th:first-child { text-align: left; }
thead th { font-size: .8125rem; font-weight: 600; color: var(--soft); }
tbody th { font-weight: 500; }
.timelines { table-layout: fixed; }
.timelines thead th { width: 9%; }
.timelines thead th:nth-child(1) { width: 22%; }
.timelines thead th:nth-child(2) { width: 38%; }
.timelines thead th:nth-child(4) { width: 13%; }
.axis span:first-child { float: left; }
.axis { overflow: hidden; }
.track { position: relative; height: 1.15rem; background: var(--page); border: 1px solid var(--line); border-radius: .2rem; overflow: hidden; }
.bar { position: absolute; top: 0; bottom: 0; background: var(--lock); }
.bar.monitor { background: repeating-linear-gradient(135deg, var(--monitor) 0 3px, transparent 3px 6px); }
.bar.met { background: var(--met); border-top: .3rem double var(--card); }
.bar.beyond { border-right: 3px dotted var(--text); }
td.met { color: var(--met); font-weight: 650; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding: 0; margin: .6rem 0 0; }
.legend .bar { position: static; display: inline-block; width: 1.4rem; height: .8rem; vertical-align: -.05rem; }
article { margin-bottom: .75rem; }
.numbers { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: .5rem 0 0; }
.numbers div { display: flex; gap: .4rem; }
.numbers dt { color: var(--soft); }
.numbers dd { margin: 0; font-weight: 600; }
.warnings { padding-left: 1.2rem; margin: 0; }
.warnings li { margin: .35rem 0; overflow-wrap: anywhere; }
@media (max-width: 44rem) {
  .timelines, .timelines tbody, .timelines tr, .timelines caption { display: block; }
  .timelines thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .timelines tr { display: grid; grid-template-columns: 1fr 1fr; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  .timelines th, .timelines td { border: 0; padding: .1rem 0; text-align: left; width: auto; }
  .timelines tbody th, .timelines .timeline { grid-column: 1 / -1; }
  .timelines td[data-label]::before { content: attr(data-label) ' '; color: var(--soft); font-weight: 400; font-size: .875rem; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --card: #fff; --text: #000; --soft: #444; --line: #bbb;
    --quiet: #6d7c88; --guess: #8a5a00; --lock: #2563b8; --met: #c2185b;
  }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  details:not([open]), .u-legend .u-value { display: none; }
  section, article, tr, figure { break-inside: avoid; }
  .bar, .track { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
