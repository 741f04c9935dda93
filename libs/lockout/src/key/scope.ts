import type { ScopePart } from '../policy/policy.js';
import type { Account } from './account.js';

/** What is known of one attempt, each part normalised; null or absent: not known. */
export interface SubjectFacts {
  readonly account: Account | null;
  /** From `canonicalAddress`. */
  readonly address: string | null;
  /** From `normaliseDevice`. */
  readonly device?: string | null;
  /** By name, from `normaliseCustomPart`. */
  readonly custom?: Readonly<Record<string, string | null | undefined>>;
}

/** Escaped, so that no application's name reads like another part or like two. */
const partName = (part: ScopePart): string =>
  typeof part === 'string' ? part : `custom:${encodeURIComponent(part.custom)}`;

/** By name: how a policy happens to list its parts must not change its keys. */
function inOrder(scope: readonly ScopePart[]): readonly ScopePart[] {
  const distinct = new Map(scope.map((part) => [partName(part), part]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part);
}

/**
 * The name of a scope: `account`, `account+address`, `account+custom:tenant`. The same for every order of the parts,
 * different for different parts.
 */
export const scopeName = (parts: readonly ScopePart[]): string => inOrder(parts).map(partName).join('+');

/**
 * The texts that a key of this scope is made of, in the order of {@link scopeName}; null when the attempt lacks one of
 * them: a policy does not count what it cannot name, and never counts the missing as one (pitfalls 10 and 19).
 */
export function subjectParts(scope: readonly ScopePart[], facts: SubjectFacts): readonly string[] | null {
  const parts: string[] = [];
  for (const part of inOrder(scope)) {
    const text = factOf(part, facts);
    if (!text) return null;
    parts.push(text);
  }
  return parts.length > 0 ? parts : null;
}

/** The parts of a scope that are not known, by name: why {@link subjectParts} answers null. */
export const missingParts = (scope: readonly ScopePart[], facts: SubjectFacts): readonly string[] =>
  inOrder(scope)
    .filter((part) => !factOf(part, facts))
    .map(partName);

function factOf(part: ScopePart, facts: SubjectFacts): string | null | undefined {
  switch (part) {
    case 'account':
      return facts.account?.subject;
    case 'address':
      return facts.address;
    case 'device':
      return facts.device;
    default:
      // Own properties only: a part named `constructor` is not a fact.
      return facts.custom && Object.hasOwn(facts.custom, part.custom) ? facts.custom[part.custom] : null;
  }
}
