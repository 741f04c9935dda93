import { readFileSync } from 'node:fs';

/** A ratio this near to 1 says nothing about who is ahead. */
const TIE = 0.15;

/** @param {number} ratio */
const isClear = (ratio) => Math.abs(ratio - 1) > TIE;

/** @param {string} file @returns {import('./report.mjs').Report} */
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * Prints every row in which two runs disagree on who is ahead although one of them says so clearly. A row says nothing
 * where a run's own rounds do not settle it.
 *
 * @param {string} first
 * @param {string} second
 * @returns {boolean} Whether they agree.
 */
export function compareReports(first, second) {
  const others = read(second).tables;
  /** @type {string[]} */
  const disagreements = [];
  /** @type {string[]} */
  const open = [];
  let compared = 0;
  for (const { id, server, title, rows } of read(first).tables) {
    for (const row of rows) {
      const other = others.find((table) => table.id === id)?.rows.find(({ name }) => name === row.name);
      if (!row.ratio || !other?.ratio) continue;
      compared += 1;
      const [a, b] = [row.ratio.median, other.ratio.median];
      if (!(isClear(a) || isClear(b)) || a > 1 === b > 1) continue;
      const line = `${server}, ${title}: ${row.title}: ×${a.toFixed(2)} and ×${b.toFixed(2)}`;
      (row.isSettled && other.isSettled ? disagreements : open).push(line);
    }
  }
  for (const line of open) console.log(`Open in one of them: ${line}`);
  for (const line of disagreements) console.log(line);
  console.log(
    `${compared} rows compared, ${disagreements.length} in which the runs disagree on who is ahead, ` +
      `${open.length} on different sides of 1 that a run's own rounds leave open.`,
  );
  return compared > 0 && disagreements.length === 0;
}
