import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { lines, systems } from '../conformance/catalogue.js';
import { ROOT } from './document.js';

const CONFORMANCE = join(ROOT, 'test', 'conformance');
const CONSOLE = join(ROOT, 'test', 'browser', 'console');
const PRESETS = join(ROOT, 'libs', 'lockout', 'src', 'policy', 'presets');
const FILES = ['out-systems', 'reach-five', 'one-welcome', 'authgear', 'contentstack'];
/** Suites over HTTP beside those named like a preset. */
const MORE = ['out-systems-consoles', 'out-systems-records', 'lockout-end-mirror'];

/** How a test's name begins: one number, or several. */
const TITLE = /(?<=['"`])(?:(?:OS|R5|OW|AG|CS)-\d+\b ?)+/g;

/** The numbers of the tests that a file has. */
const idsOf = (path: string): readonly string[] =>
  Array.from(readFileSync(path, 'utf8').matchAll(TITLE), ([title]) => title.trim().split(' ')).flat();

const shown = {
  rule: new Set(FILES.flatMap((name) => idsOf(join(PRESETS, `${name}.spec.ts`)))),
  http: new Set([...FILES, ...MORE].flatMap((name) => idsOf(join(CONFORMANCE, `${name}.spec.ts`)))),
  console: new Set(
    readdirSync(CONSOLE)
      .filter((name) => name.endsWith('.browser-spec.ts'))
      .flatMap((name) => idsOf(join(CONSOLE, name))),
  ),
};

describe('the catalogue of conformance', () => {
  it('numbers the statements of each system from 1 on', () => {
    expect(systems.map(({ id, lines: { length } }) => [id, length])).toEqual([
      ['OS', 29],
      ['R5', 18],
      ['OW', 18],
      ['AG', 14],
      ['CS', 20],
    ]);
    for (const system of systems) {
      expect(system.lines.map(({ id }) => id)).toEqual(
        system.lines.map((_, index) => `${system.id}-${index + 1}`),
      );
    }
  });

  it('has a test of each statement at the rule, where the rule can show it, and over HTTP', () => {
    const atTheRule = lines.filter(({ notAtTheRule }) => notAtTheRule === undefined);
    expect(atTheRule.filter(({ id }) => !shown.rule.has(id))).toEqual([]);
    expect(lines.filter(({ id }) => !shown.http.has(id))).toEqual([]);
  });

  it('excuses no statement that has a test, and every test is of a statement', () => {
    const excused = lines.filter(({ notAtTheRule }) => notAtTheRule !== undefined);
    expect(excused.filter(({ id }) => shown.rule.has(id))).toEqual([]);
    const ids = new Set(lines.map(({ id }) => id));
    expect([...shown.rule, ...shown.http].filter((id) => !ids.has(id))).toEqual([]);
  });

  it('has a test in the console of each statement about a screen, and of no other', () => {
    const onScreen = lines.filter((line) => line.onScreen).map(({ id }) => id);
    expect(Array.from(shown.console).sort()).toEqual(onScreen.sort());
  });

  it('names every suite that is there', () => {
    const suites = readdirSync(CONFORMANCE).filter((name) => name.endsWith('.spec.ts'));
    expect(new Set(suites)).toEqual(new Set([...FILES, ...MORE].map((name) => `${name}.spec.ts`)));
  });

  it('is what docs/conformance.md says', () => {
    const text = readFileSync(join(ROOT, 'docs', 'conformance.md'), 'utf8');
    const rows = Array.from(
      text.matchAll(/^\| ((?:OS|R5|OW|AG|CS)-\d+) +\| (.*?) +\| (.*?) +\| (.*?) +\| (.*?) +\| (.*?) *\|$/gm),
      (row) => row.slice(1),
    );
    expect(rows).toEqual(
      lines.map(({ id, what, decision, notAtTheRule, onScreen }) => [
        id,
        decision === undefined ? what : `${what}. *Decision:* ${decision}`,
        notAtTheRule === undefined ? '✓' : `–: ${notAtTheRule}`,
        '✓',
        '✓',
        onScreen ? '✓' : '',
      ]),
    );
    for (const { name, id, preset } of systems) {
      expect(text).toContain(`## ${name} (${id})\n\nPreset \`${preset}\``);
    }
  });
});
