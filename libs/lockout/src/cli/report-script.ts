/**
 * The page's own script: draws the two charts with uPlot, in the colours of the style, again when the colours or the
 * width change. It reads numbers only; all text is in the page already.
 */
export const REPORT_SCRIPT = `'use strict';
(() => {
  const series = JSON.parse(document.getElementById('series').textContent);
  const seconds = series.attempts.map((_, index) => (series.from + index * series.widthMs) / 1000);
  if (seconds.length === 0) return;
  // The last step needs an end, or it would have no width.
  seconds.push((series.from + series.attempts.length * series.widthMs) / 1000);
  const steps = (values) => [...values, values[values.length - 1]];
  const whole = (value) => (value === null || value === undefined ? '–' : value.toLocaleString('en'));
  const stepped = uPlot.paths.stepped({ align: 1 });
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const line = (label, name, fill, dash) => ({
    label,
    stroke: colour(name),
    fill: fill ? colour(name) + '26' : undefined,
    width: 1.5,
    dash,
    paths: stepped,
    points: { show: false },
    value: (_, value) => whole(value),
  });
  const charts = [
    {
      box: document.getElementById('attempts-chart'),
      data: [seconds, series.attempts, series.guesses, series.refused, series.turnedAway],
      lines: () => [
        line('attempts', '--quiet', true),
        line('wrong guesses verified', '--guess', false),
        line('refused', '--lock', true),
        line('owners turned away', '--met', false, [4, 3]),
      ],
      height: 260,
    },
    {
      box: document.getElementById('locks-chart'),
      data: [seconds, series.inForce],
      lines: () => [line('locks in force', '--lock', true)],
      height: 170,
    },
  ];
  const DAY = 86400;
  const moment = (seconds, step) => {
    const iso = new Date(seconds * 1000).toISOString();
    if (step >= DAY || seconds % DAY === 0) return iso.slice(5, 10);
    return step >= 60 ? iso.slice(11, 16) : iso.slice(11, 19);
  };
  const axis = (size) => ({
    stroke: colour('--text'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    ...(size ? { size } : {}),
  });
  const draw = (chart) => {
    if (chart.plot) chart.plot.destroy();
    const options = {
      width: chart.box.clientWidth,
      height: chart.height,
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), 'Etc/UTC'),
      cursor: { sync: { key: 'log' }, drag: { x: true, y: false } },
      scales: { y: { range: (_, low, high) => [0, Math.max(1, high)] } },
      axes: [{ ...axis(), values: (_, values, __, ___, step) => values.map((value) => moment(value, step)) }, { ...axis(56), values: (_, values) => values.map((value) => (Number.isInteger(value) ? whole(value) : '')) }],
      series: [{ label: 'time (UTC)', value: '{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}' }, ...chart.lines()],
    };
    const [times, ...columns] = chart.data;
    chart.plot = new uPlot(options, [times, ...columns.map(steps)], chart.box);
  };
  const drawAll = () => charts.forEach(draw);
  drawAll();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  addEventListener('beforeprint', drawAll);
  addEventListener('afterprint', drawAll);
  new ResizeObserver(() => {
    for (const { plot, box, height } of charts) {
      if (plot.width !== box.clientWidth) plot.setSize({ width: box.clientWidth, height });
    }
  }).observe(charts[0].box);
})();
`;
