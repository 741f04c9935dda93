import { markdownTable } from 'markdown-table';

/** The columns in which a line can be shown. */
export const COLUMNS = ['rule', 'SQLite', 'MariaDB', 'console'];
const TITLES = { rule: 'rule', SQLite: 'HTTP/SQLite', MariaDB: 'HTTP/MariaDB', console: 'console' };

/** Why a line has no test in a column, blank where that goes without saying; null: it must have one. */
export function exceptionOf(line, column) {
  if (column === 'console') return line.onScreen ? null : '';
  return column === 'rule' ? (line.notAtTheRule ?? null) : null;
}

/** @param {(line: object, column: string) => string} cell */
function rowsOf(lines, cell, what) {
  const head = ['id', 'what', ...COLUMNS.map((column) => TITLES[column])];
  return [
    head,
    ...lines.map((line) => [line.id, what(line), ...COLUMNS.map((column) => cell(line, column))]),
  ];
}

const align = ['l', 'l', 'c', 'c', 'c', 'c'];
/** Terminals and Markdown sources count characters alike here: all of them are one column wide. */
const stringLength = (text) => [...text].length;

/** One table of everything, for a terminal. */
export const plainTable = (systems, cell) =>
  markdownTable(
    rowsOf(
      systems.flatMap(({ lines }) => lines),
      cell,
      ({ what }) => what,
    ),
    { align, stringLength },
  );

/** The page of the documentation: every line green. */
export function page(systems) {
  const count = systems.reduce((sum, { lines }) => sum + lines.length, 0);
  const cell = (line, column) => {
    const exception = exceptionOf(line, column);
    return exception === null ? '✓' : exception === '' ? '' : `–: ${exception}`;
  };
  const what = ({ what: text, decision }) => (decision ? `${text}. *Decision:* ${decision}` : text);
  const sections = systems.map(({ id, name, preset, document, lines }) =>
    [
      `## ${name} (${id})`,
      `Preset \`${preset}\`; document “${document}”.`,
      markdownTable(rowsOf(lines, cell, what), { align, stringLength, alignDelimiters: false }),
    ].join('\n\n'),
  );
  return `${[
    '# Conformance',
    [
      `Five published descriptions of account lockout, in ${count} numbered statements. Each is shown by a test whose name`,
      'begins with its number, at the rule (a timeline against `transition`) and over HTTP against a real Nest application',
      'on SQLite and on MariaDB, whose clock is moved by hand. “–” says why the rule alone cannot show it. What somebody does',
      'at a screen is shown in the console as well, step by step as the document has it, in Chromium: in a desktop’s window',
      'and on a phone’s. Where a document is silent or contradicts itself, what was decided is said; the preset’s docstring',
      'gives the reason.',
    ].join('\n'),
    'This page is written by `npm run conformance -- --write`, and only if every line holds.',
    ...sections,
  ].join('\n\n')}\n`;
}
