import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { locale } from '../../messages.js';
import { theme } from '../../theme.js';

interface ChartSeries {
  readonly label: string;
  /** Names the colour: the class `chart-<colour>`. */
  readonly colour: string;
  readonly values: readonly number[];
}

interface ChartProps {
  readonly title: string;
  /** What the chart shows, in a sentence: for those who do not see it. */
  readonly summary: string;
  /** Starts of the slices, epoch seconds. */
  readonly seconds: readonly number[];
  readonly sliceSeconds: number;
  readonly series: readonly ChartSeries[];
  readonly height: number;
  /** What the slice under the pointer says. */
  readonly readout: (index: number) => string;
}

/** Width of the axis of numbers, px: the charts below each other share their times. */
const AXIS_SIZE = 44;

const clockText = (seconds: number): string =>
  new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    seconds * 1000,
  );

/** Counts only: no half locks on the axis, and what ended counts downwards. */
const countText = (value: number): string =>
  Number.isInteger(value) ? Math.abs(value).toLocaleString(locale()) : '';

/** From zero to the largest count, at least to one, with room above. */
function rangeOf(low: number, high: number): [number, number] {
  const room = (value: number) =>
    value === 0 ? 0 : Math.sign(value) * Math.max(1, Math.ceil(Math.abs(value) * 1.1));
  return [Math.min(0, room(low)), Math.max(1, room(high))];
}

/** Bars over time, drawn by uPlot; a sentence says the same to those who do not see it. */
export function Chart({ title, summary, seconds, sliceSeconds, series, height, readout }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const end = (seconds.at(-1) ?? 0) + sliceSeconds;
  // Nothing is drawn of what did not happen.
  const data: uPlot.AlignedData = [
    [...seconds],
    ...series.map(({ values }) => values.map((value) => value || null)),
  ];
  const latest = useRef({ data, span: [seconds[0] ?? 0, end] as [number, number] });
  latest.current = { data, span: [seconds[0] ?? 0, end] };
  const chosenTheme = theme.value;
  const shape = series.map(({ label }) => label).join();

  useEffect(() => {
    const place = box.current;
    if (!place) return;
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(
        {
          width: place.clientWidth,
          height,
          legend: { show: false },
          cursor: {
            y: false,
            points: { show: false },
            drag: { x: false, y: false },
            sync: { key: 'activity' },
          },
          scales: {
            x: { range: () => latest.current.span },
            y: { range: (_, low, high) => rangeOf(low ?? 0, high ?? 0) },
          },
          axes: [
            {
              ...axisOf(place),
              values: (_, at) => at.map(clockText),
              space: 56,
              size: 26,
              grid: { show: false },
            },
            { ...axisOf(place), values: (_, at) => at.map(countText), size: AXIS_SIZE, space: 24 },
          ],
          series: [{}, ...series.map(({ label, colour }) => barsOf(place, label, colour))],
          hooks: { setCursor: [({ cursor }) => setPointed(cursor.idx ?? null)] },
        },
        latest.current.data,
        place,
      );
    };
    draw();
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    const sizes = new ResizeObserver(() => {
      if (plot.current && plot.current.width !== place.clientWidth) {
        plot.current.setSize({ width: place.clientWidth, height });
      }
    });
    sizes.observe(place);
    return () => {
      scheme.removeEventListener('change', draw);
      sizes.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [chosenTheme, height, shape]);

  // What is shown, as one text: pointing at a bar draws nothing anew.
  const content = [seconds[0], ...series.map(({ values }) => values.join())].join(';');
  useEffect(() => {
    plot.current?.setData(latest.current.data);
  }, [content]);

  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <span class="chart-title">{title}</span>
        <span class="chart-legend">
          {series.map(({ label, colour }) => (
            <span key={colour} class="chart-key">
              <i class={`chart-swatch chart-${colour}`} aria-hidden="true" />
              {label}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={box} class="chart-box" role="img" aria-label={`${title}. ${summary}`} />
      <p class="chart-readout" aria-hidden="true">
        {pointed !== null && pointed < seconds.length ? readout(pointed) : summary}
      </p>
    </figure>
  );
}

/** Colours come from the style: computed, for the canvas knows no custom properties. */
const colourOf = (place: Element, name: string): string => {
  const probe = place.parentElement?.querySelector(`.chart-${name}`) ?? place;
  return getComputedStyle(probe).color;
};

function barsOf(place: Element, label: string, colour: string): uPlot.Series {
  const paint = colourOf(place, colour);
  const paths = uPlot.paths.bars?.({ size: [0.8, 60], align: 1 });
  return {
    label,
    fill: paint,
    stroke: paint,
    width: 0,
    points: { show: false },
    ...(paths ? { paths } : {}),
  };
}

function axisOf(place: Element): uPlot.Axis {
  const line = getComputedStyle(place).borderTopColor;
  return {
    stroke: getComputedStyle(place).color,
    font: `12px ${getComputedStyle(place).fontFamily}`,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
}
