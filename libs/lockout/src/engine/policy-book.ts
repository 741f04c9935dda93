import { lintPolicy } from '../policy/lint-policy.js';
import { MANUAL_POLICY } from '../policy/manual.js';
import { NEWCOMER_POLICY } from '../policy/newcomers.js';
import type { LockoutPolicy } from '../policy/policy.js';
import { PolicyError, type PolicyProblem } from '../policy/policy-error.js';
import type { PolicyRevision, PolicyTarget } from '../store/policy-store.js';
import type { ConfiguredPolicies } from './configured-policies.js';
import type { EntryWarning, PolicyEntry } from './policy-entry.js';
import { mergePolicy } from './policy-merge.js';

/** Which policies watch an attempt. Answers may change from one turn of the event loop to the next, never within one. */
export interface PolicySource {
  /** The policies of a brand, or the global ones where it has none of its own (or none is given); always in one order. */
  forBrand(brand?: string): readonly LockoutPolicy[];
  /** The policy that governs a stored counter, the global one; undefined: none is configured any more. */
  ofCounter(counter: string): LockoutPolicy | undefined;
  /**
   * Every policy that counts there, brands' overrides too: a record does not know by which brand it was counted, so it
   * is remembered as long as any of them remembers it (R25). Empty: none is configured any more.
   */
  allOfCounter(counter: string): readonly LockoutPolicy[];
}

/** A save that does not fit the policies in code, so that it governs nothing (LCK017). */
export interface IgnoredRevision extends PolicyTarget {
  readonly version: number;
  readonly problems: readonly PolicyProblem[];
}

const linted = new WeakMap<LockoutPolicy, readonly EntryWarning[]>();

/** What the linter says, found once for each policy: it plays attackers against the rule, which can take long. */
function warningsOf(policy: LockoutPolicy): readonly EntryWarning[] {
  const warnings = linted.get(policy) ?? lintPolicy(policy);
  linted.set(policy, warnings);
  return warnings;
}

/** A target as one text. A name holds no space. */
const textOf = ({ policy, brand }: PolicyTarget): string => (brand === null ? policy : `${policy} ${brand}`);

/** What governs, at one moment: code, and what was saved over it. Never changes. */
export class PolicyBook implements PolicySource {
  /** Saves that govern nothing. */
  readonly ignored: readonly IgnoredRevision[];
  private readonly revisions = new Map<string, PolicyRevision>();
  private readonly saved = new Map<string, LockoutPolicy>();
  private readonly global: readonly LockoutPolicy[];
  private readonly byBrand = new Map<string, readonly LockoutPolicy[]>();
  private readonly byCounter = new Map<string, LockoutPolicy>([
    [MANUAL_POLICY.counter, MANUAL_POLICY],
    [NEWCOMER_POLICY.counter, NEWCOMER_POLICY],
  ]);
  private readonly everyOfCounter = new Map<string, readonly LockoutPolicy[]>();

  /** `revisions`: the latest of each target. `before`: the book that this one replaces. */
  constructor(
    private readonly configured: ConfiguredPolicies,
    revisions: readonly PolicyRevision[] = [],
    before?: PolicyBook,
  ) {
    this.ignored = revisions.flatMap((revision) => this.take(revision, before));
    this.global = configured.global.map(({ name }) => this.governing({ policy: name, brand: null }));
    for (const policy of this.global) this.byCounter.set(policy.counter, policy);
    const brands = [...configured.brands, ...Array.from(this.saved.keys(), brandOf)];
    for (const brand of new Set(brands.flatMap((name) => name ?? []))) {
      this.byBrand.set(
        brand,
        configured.global.map(({ name }) => this.governing({ policy: name, brand })),
      );
    }
    for (const [counter, policy] of this.byCounter) {
      const overrides = Array.from(this.byBrand.values()).flat();
      const all = [policy, ...this.global, ...overrides].filter((other) => other.counter === counter);
      this.everyOfCounter.set(counter, Array.from(new Set(all)));
    }
  }

  forBrand(brand?: string): readonly LockoutPolicy[] {
    return (brand === undefined ? undefined : this.byBrand.get(brand)) ?? this.global;
  }

  ofCounter(counter: string): LockoutPolicy | undefined {
    return this.byCounter.get(counter);
  }

  allOfCounter(counter: string): readonly LockoutPolicy[] {
    return this.everyOfCounter.get(counter) ?? [];
  }

  /** Everything about one target; null: there is no such policy. */
  entry(target: PolicyTarget): PolicyEntry | null {
    if (!this.configured.of({ policy: target.policy, brand: null })) return null;
    const { policy: name, brand } = target;
    const policy = this.governing(target);
    const revision = this.revisions.get(textOf(target));
    const configured = this.configured.of(target);
    const fromGlobal = brand !== null && configured === null && this.saved.has(name);
    return {
      name,
      brand,
      version: revision?.version ?? 0,
      source: this.saved.has(textOf(target)) || fromGlobal ? 'saved' : 'configured',
      policy,
      configured,
      warnings: [...warningsOf(policy), ...this.warningsAbout(target)],
      savedAt: revision?.at ?? null,
      savedBy: revision?.by ?? null,
      reason: revision?.reason ?? null,
    };
  }

  /** The global policies in their order, each followed by the brands that override it. */
  entries(): readonly PolicyEntry[] {
    return this.configured.global.flatMap(({ name }) => {
      const overrides = Array.from(this.revisions.values()).filter(
        ({ policy, brand, settings }) => policy === name && brand !== null && settings !== null,
      );
      const inCode = this.configured.brands.filter((brand) => this.configured.of({ policy: name, brand }));
      const brands = [...new Set([...inCode, ...overrides.flatMap(({ brand }) => brand ?? [])])].sort();
      return [null, ...brands].flatMap((brand) => this.entry({ policy: name, brand }) ?? []);
    });
  }

  private governing({ policy: name, brand }: PolicyTarget): LockoutPolicy {
    const own =
      this.saved.get(textOf({ policy: name, brand })) ?? this.configured.of({ policy: name, brand });
    if (own) return own;
    if (brand === null) throw new Error(`There is no policy ${name}.`);
    return this.governing({ policy: name, brand: null });
  }

  private savedAs(revision: PolicyRevision): LockoutPolicy | undefined {
    const own = this.revisions.get(textOf(revision));
    const isSame = own?.version === revision.version && own.at === revision.at;
    return isSame ? this.saved.get(textOf(revision)) : undefined;
  }

  /** Reads one save, or says what keeps it from governing. */
  private take(revision: PolicyRevision, before: PolicyBook | undefined): IgnoredRevision[] {
    this.revisions.set(textOf(revision), revision);
    const { policy, brand, version, settings } = revision;
    if (settings === null) return [];
    // The same object for the same save: what is remembered of a policy (its addresses, its warnings) stays good.
    const known = before?.savedAs(revision);
    if (known) {
      this.saved.set(textOf(revision), known);
      return [];
    }
    const base = this.configured.baseOf(revision);
    if (!base) {
      const hint = 'give the policy in code its name back, or silence LCK017 for it';
      return [
        { policy, brand, version, problems: [{ path: 'name', message: 'names no policy in code', hint }] },
      ];
    }
    try {
      this.saved.set(textOf(revision), mergePolicy(base, settings));
      return [];
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return [{ policy, brand, version, problems: error.problems }];
    }
  }

  private warningsAbout(target: PolicyTarget): readonly EntryWarning[] {
    const ignored = this.ignored.find((one) => textOf(one) === textOf(target));
    return (ignored?.problems ?? []).map(({ path, message, hint }) => ({
      id: 'LCK017',
      level: 'warning',
      path,
      message: `what was saved is ignored: ${message}`,
      hint,
      numbers: {},
    }));
  }
}

const brandOf = (text: string): string | null => {
  const at = text.indexOf(' ');
  return at < 0 ? null : text.slice(at + 1);
};
