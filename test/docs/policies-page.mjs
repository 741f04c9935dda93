// Writes the tables of docs/policies.md: what each preset does to an attacker and to a victim, and what the standards
// would say. Run after a build: node test/docs/policies-page.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import {
  countText,
  durationText,
  guessRate,
  holdingCost,
  holdingText,
  lintPolicies,
  lockProfile,
  presets,
  verdicts,
} from 'nestjs-lockout/policy';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'policies.md');
const BEGIN = '<!-- generated: npm run docs:policies -->';
const END = '<!-- /generated -->';

/** Presets that are off unless they are switched on. */
const OPTIONS = { authgear: { enabled: true } };

const sets = Object.entries(presets).map(([name, make]) => ({ name, policies: make(OPTIONS[name]) }));

const unique = (texts) => [...new Set(texts)];
const code = (text) => `\`${text}\``;

/** What is true of all policies of a set once; what is not, by their names. */
function each(policies, tell) {
  const told = unique(policies.map(tell));
  if (told.length === 1) return told[0];
  return policies.map((policy) => `${tell(policy)} (${code(policy.name)})`).join('<br>');
}

const failuresText = (policy) => String(lockProfile(policy)?.failuresToLock ?? 'never');
const firstLockText = (policy) => durationText(lockProfile(policy)?.firstLockMs ?? 0);
function longestLockText(policy) {
  const profile = lockProfile(policy);
  if (!profile) return 'none';
  return profile.endless ? 'grows to 100 years' : durationText(profile.longestLockMs);
}

const scopeText = ({ scope }) =>
  scope.map((part) => (typeof part === 'string' ? part : part.custom)).join(' + ');

function locksTable() {
  const head = ['preset', 'counts by', 'first lock at failure', 'first lock', 'longest lock'];
  const rows = sets.map(({ name, policies }) => [
    code(name),
    each(policies, scopeText),
    each(policies, failuresText),
    each(policies, firstLockText),
    each(policies, longestLockText),
  ]);
  return markdownTable([head, ...rows], { alignDelimiters: false });
}

function attackTable() {
  const head = [
    'preset',
    'guesses a day',
    'a year',
    'a day, 1,000 addresses',
    'a year, 1,000 addresses',
    'keeping a victim out',
  ];
  const rows = sets.map(({ name, policies }) => {
    const alone = guessRate(policies);
    const crowd = guessRate(policies, 1000);
    const cost = holdingCost(policies);
    return [
      code(name),
      ...[alone.perDay, alone.perYear, crowd.perDay, crowd.perYear].map(countText),
      cost ? holdingText(cost) : 'only at an own address',
    ];
  });
  return markdownTable([head, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'l'], alignDelimiters: false });
}

const verdictText = ({ meets, reason }) => `**${meets ? 'yes' : 'no'}**: ${reason}`;

function warningsText(policies) {
  const warnings = lintPolicies(policies).filter(({ level }) => level === 'warning');
  return unique(warnings.map(({ id }) => id)).join(', ') || 'none';
}

function verdictsTable() {
  const head = ['preset', 'NIST SP 800-63B-4', 'PCI DSS 4.0.1', 'OWASP ASVS 4.0.3', 'warnings at start'];
  const rows = sets.map(({ name, policies }) => {
    const { nist, pci, asvs } = verdicts(policies);
    return [code(name), verdictText(nist), verdictText(pci), verdictText(asvs), warningsText(policies)];
  });
  return markdownTable([head, ...rows], { alignDelimiters: false });
}

/** The page with its generated part made anew; the prose around it stays. */
export function policiesPage(page) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/policies.md lacks ${BEGIN} … ${END}`);
  const generated = [
    '### Locks',
    locksTable(),
    '### What an attacker gets',
    attackTable(),
    '### What the standards would say',
    verdictsTable(),
  ].join('\n\n');
  return `${page.slice(0, begin + BEGIN.length)}\n\n${generated}\n\n${page.slice(end)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, policiesPage(page));
}
