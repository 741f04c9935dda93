import type { IgnoredRevision } from '../../engine/policy-book.js';
import type { CheckResult } from './check.js';
import type { NodeDifference } from './node-differences.js';

/** Other processes that one message names; the rest are counted. */
const MAX_NAMED = 8;

function inWords(labels: readonly string[]): string {
  const named = labels.slice(0, MAX_NAMED).join(', ');
  return labels.length > MAX_NAMED ? `${named} and ${labels.length - MAX_NAMED} more` : named;
}

/** LCK016: processes on the store whose code says something else (OS-26). One for each policy. */
function driftChecks(differences: readonly NodeDifference[]): readonly CheckResult[] {
  const labels = new Map<string, string[]>();
  for (const { label, policies } of differences) {
    for (const policy of policies) labels.set(policy, [...(labels.get(policy) ?? []), label]);
  }
  return Array.from(
    labels,
    ([policy, others]): CheckResult => ({
      id: 'LCK016',
      level: 'warning',
      subject: policy,
      message: `Processes that share the store are configured differently: ${inWords(others.sort())}.`,
      hint: 'Deploy the same policies everywhere, or save this one in the admin API, which governs everywhere.',
    }),
  ).sort((a, b) => ((a.subject ?? '') < (b.subject ?? '') ? -1 : 1));
}

/** LCK017: saves that do not fit the policies in code. */
function ignoredChecks(ignored: readonly IgnoredRevision[]): readonly CheckResult[] {
  return ignored.map(({ policy, brand, version, problems }) => ({
    id: 'LCK017',
    level: 'warning',
    subject: brand === null ? policy : `${policy}@${brand}`,
    message: `Version ${version} as it was saved is ignored, and code governs: ${problems
      .map(({ path, message }) => `${path} ${message}`)
      .join('; ')}.`,
    hint: 'Save it again with settings that fit, or remove what was saved.',
  }));
}

/** What can only be told while the application runs, and may change. */
export const runningChecks = (
  differences: readonly NodeDifference[],
  ignored: readonly IgnoredRevision[],
): readonly CheckResult[] => [...driftChecks(differences), ...ignoredChecks(ignored)];
