import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { REASONS } from './survivors.mjs';

const ROOT = join(import.meta.dirname, '../..');
const { files } = JSON.parse(readFileSync(join(ROOT, 'reports/mutation/mutation.json'), 'utf8'));

const KILLED = new Set(['Killed', 'Timeout']);
const ALIVE = new Set(['Survived', 'NoCoverage']);
const nameOf = (path) => path.replace('libs/lockout/src/policy/', '');
const percent = (part, whole) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
const code = (text) => `\`${text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')}\``;

/** A survivor is known by what it changes, not by where it stands, so that a line more above changes nothing. */
function survivorsOf([path, { source, mutants }]) {
  const lines = source.split('\n');
  return mutants
    .filter(({ status }) => ALIVE.has(status))
    .map(({ location: { start, end }, replacement, mutatorName }) => {
      const first = lines[start.line - 1];
      const last = lines[end.line - 1];
      const original =
        start.line === end.line
          ? first.slice(start.column - 1, end.column - 1)
          : [
              first.slice(start.column - 1),
              ...lines.slice(start.line, end.line - 1),
              last.slice(0, end.column - 1),
            ].join('\n');
      const line = first.trim();
      const isNamed = (known) =>
        known.file === nameOf(path) &&
        line.includes(known.line) &&
        (known.to === undefined || known.to.includes(replacement));
      const reason = REASONS.find(isNamed);
      return { file: nameOf(path), line, original, replacement: replacement ?? mutatorName, reason };
    });
}

const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
const survivors = entries.flatMap(survivorsOf);
const rows = entries.map(([path, { mutants }]) => {
  const killed = mutants.filter(({ status }) => KILLED.has(status)).length;
  const alive = mutants.filter(({ status }) => ALIVE.has(status)).length;
  return { file: nameOf(path), killed, alive };
});
const sum = (field) => rows.reduce((total, row) => total + row[field], 0);
const row = ({ file, killed, alive }) => [
  file,
  String(killed + alive),
  String(alive),
  percent(killed, killed + alive),
];

const table = markdownTable(
  [
    ['file', 'mutants', 'survive', 'killed'],
    ...rows.map(row),
    row({ file: '**all**', killed: sum('killed'), alive: sum('alive') }),
  ],
  { align: ['l', 'r', 'r', 'r'] },
);

const reasons = REASONS.map((known) => ({
  ...known,
  mutants: survivors.filter(({ reason }) => reason === known),
}));
const listed = reasons
  .filter(({ mutants }) => mutants.length > 0)
  .map(({ file, reason, mutants }) => {
    const changes = mutants.map(
      ({ original, replacement }) => `  - ${code(original)} → ${code(replacement)}`,
    );
    return `- **${file}**: ${reason}\n${[...new Set(changes)].join('\n')}`;
  });

const intro = readFileSync(join(import.meta.dirname, 'introduction.md'), 'utf8').trim();
writeFileSync(
  join(ROOT, 'docs/design/mutation.md'),
  `${intro}\n\n## Score\n\n${table}\n\n## Survivors\n\n${listed.join('\n')}\n`,
);

const unexplained = survivors.filter(({ reason }) => !reason);
for (const { file, line, original, replacement } of unexplained) {
  console.error(`No reason is given for ${file}: ${line}\n  ${original} -> ${replacement}`);
}
for (const { file, line, mutants } of reasons) {
  if (mutants.length === 0) console.error(`Nothing survives there any more: ${file}: ${line}`);
}
console.log(
  `${sum('killed')} of ${sum('killed') + sum('alive')} mutants are killed (${percent(sum('killed'), sum('killed') + sum('alive'))}).`,
);
if (unexplained.length > 0) process.exitCode = 1;
