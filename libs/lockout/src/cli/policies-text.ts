import type { PolicyBody, PolicyItem, RevisionView } from '../admin/policy-view.js';
import { definePolicy, PolicyError, type PolicyInput } from '../policy/index.js';
import { type Cell, drawnTable } from './drawn-table.js';
import type { Paint } from './paint.js';
import { policyWords } from './policy-words.js';
import { printable } from './printable.js';
import { timeText } from './time-text.js';

const MAX_SENTENCE = 2000;

/** What governs, and since when. */
export function policiesText(items: readonly PolicyItem[], now: number, paint: Paint): string {
  const rows = items
    .flatMap((item) => [item, ...item.brands])
    .map((body): readonly Cell[] => [
      { text: body.brand === null ? body.name : `  ${body.name}`, tone: 'strong' },
      body.brand,
      body.source,
      body.version === 0 ? null : body.version,
      timeText(body.savedAt, now),
      body.savedBy,
      body.reason,
      body.warnings.filter(({ level }) => level === 'warning').length || null,
    ]);
  return drawnTable(['policy', 'brand', 'from', 'version', 'saved', 'by', 'why', 'warnings'], rows, paint);
}

/** One policy in sentences. */
export function policyText(body: PolicyBody, now: number, paint: Paint): string {
  const name = body.brand === null ? body.name : `${body.name} of the brand ${body.brand}`;
  const saved =
    body.version === 0
      ? 'never saved'
      : `version ${body.version}, saved ${timeText(body.savedAt, now) ?? ''} by ${body.savedBy ?? '?'}: ${body.reason ?? ''}`;
  const lines = [
    paint('strong', printable(name, MAX_SENTENCE)),
    `${body.source === 'saved' ? 'What was saved governs' : 'Code governs'}; ${saved}.`,
    ...wordsOf(body.settings),
    ...body.warnings.map(({ id, path, message, hint }) => `${id} ${path} ${message} (${hint})`),
  ];
  return `${lines.map((line, index) => (index === 0 ? line : printable(line, MAX_SENTENCE))).join('\n')}\n`;
}

/** Every save of one policy. */
export function revisionsText(revisions: readonly RevisionView[], now: number, paint: Paint): string {
  const rows = revisions.map(({ version, settings, at, by, reason }): readonly Cell[] => [
    version,
    settings === null ? 'back to code' : 'saved',
    timeText(at, now),
    by,
    reason,
  ]);
  return drawnTable(['version', 'what', 'when', 'by', 'why'], rows, paint);
}

/** A release that knows other fields is shown as it is. */
function wordsOf(settings: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    return policyWords(definePolicy(settings as unknown as PolicyInput));
  } catch (error) {
    if (error instanceof PolicyError) return [JSON.stringify(settings)];
    throw error;
  }
}
