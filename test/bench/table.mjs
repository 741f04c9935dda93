import { markdownTable } from 'markdown-table';

const stringLength = (/** @type {string} */ text) => Array.from(text).length;

/** Three or four digits that count. @param {number | null} value */
export function number(value) {
  if (value === null || !Number.isFinite(value)) return '–';
  if (Math.abs(value) < 100) return String(Number(value.toPrecision(3)));
  return Number(value.toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 0 });
}

/** @param {import('./statistics.mjs').Spread} spread */
const numbers = ({ median, min, max }) =>
  min === max ? number(median) : `${number(median)} (${number(min)}–${number(max)})`;

/** @param {number} ratio */
const times = (ratio) => (ratio < 0.995 ? ratio.toFixed(2) : number(ratio));

/** Marked where the rounds leave open who is ahead. @param {import('./rounds.mjs').Row} row */
const ratios = ({ ratio, isSettled }) => {
  if (!ratio) return '';
  const { median, min, max } = ratio;
  const text = min === max ? `×${times(median)}` : `×${times(median)} (${times(min)}–${times(max)})`;
  return isSettled === false ? `${text} open` : text;
};

/**
 * @param {readonly (readonly string[])[]} cells
 * @param {boolean} plain For a terminal: columns aligned.
 */
const write = (cells, plain) =>
  markdownTable(cells, {
    align: ['l', ...(cells[0] ?? []).slice(1).map(() => 'r')],
    stringLength,
    alignDelimiters: plain,
  });

/** @param {import('./report.mjs').Table} table @param {boolean} plain */
export const tableText = ({ unit, rows }, plain) =>
  write(
    [['', unit, 'ours is better'], ...rows.map((row) => [row.title, numbers(row.value), ratios(row)])],
    plain,
  );

/** @param {import('./report.mjs').Facts} facts @param {boolean} plain */
export const factsText = ({ columns, rows }, plain) =>
  write([['', ...columns], ...rows.map(({ title, values }) => [title, ...values.map(number)])], plain);

/** @param {readonly import('./targets.mjs').Target[]} targets @param {boolean} plain */
export const targetsText = (targets, plain) =>
  write(
    [
      ['target', 'required', 'aimed at', 'measured', ''],
      ...targets.map(({ what, sense, required, aim, measured, met }) => {
        const reached = aim !== null && (sense === 'at least' ? measured >= aim : measured <= aim);
        return [
          what,
          `${sense === 'at least' ? '≥' : '≤'} ${number(required)}`,
          aim === null ? '' : number(aim),
          number(measured),
          met ? (aim === null || reached ? 'met' : 'met, below the aim') : 'missed',
        ];
      }),
    ],
    plain,
  );
