import { format } from 'node:util';

export { expect } from 'expect';

/**
 * @typedef {object} CollectedTest
 * @property {string} spec the file it is in
 * @property {string} id unlike any other’s
 * @property {string} name
 * @property {() => unknown} run
 */

/** @type {CollectedTest[]} */
const tests = [];
/** @type {string[]} */
const titles = [];
/** @type {Map<string, number>} */
const namesakes = new Map();
let spec = '';

/** @param {string} title @param {() => unknown} run */
function collect(title, run) {
  const name = [...titles, title].join(' ');
  const before = namesakes.get(name) ?? 0;
  namesakes.set(name, before + 1);
  tests.push({ spec, id: before === 0 ? name : `${name} (${before + 1})`, name, run });
}

/** @param {readonly unknown[]} table rows, or the one argument of each */
const each = (table) => (/** @type {string} */ title, /** @type {(...row: unknown[]) => unknown} */ run) => {
  for (const one of table) {
    const row = Array.isArray(one) ? one : [one];
    const named = (title.match(/%[sdifjo]/g) ?? []).length;
    collect(format(title, ...row.slice(0, named)), () => run(...row));
  }
};

/** What the specs of the rule take from `@jest/globals`: tests are collected, to be run whenever a mutant is tried. */
export const test = Object.assign(collect, { each });

/** @param {string} title @param {() => void} declare */
export function describe(title, declare) {
  titles.push(title);
  declare();
  titles.pop();
}

/**
 * Loads spec files one after the other.
 *
 * @param {readonly { path: string, url: string }[]} files the source, and where its JavaScript is
 * @returns {Promise<readonly CollectedTest[]>} their tests, in order
 */
export async function collectTests(files) {
  for (const { path, url } of files) {
    spec = path;
    await import(url);
  }
  return tests;
}
