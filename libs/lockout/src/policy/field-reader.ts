import type { PolicyProblem } from './policy-error.js';

/** An inclusive range of numbers. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const NAME_HINT = '1 to 64 letters, digits, ".", "_" or "-", starting with a letter or digit';

/** A value as it is quoted in a problem: short, and never the source of an exception. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the fields of an untrusted object one by one. Each read answers a value of the wanted type, or undefined
 * after writing down a problem; {@link done} writes down the fields nobody asked for.
 */
export class FieldReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();
  readonly #valid: boolean;

  constructor(
    value: unknown,
    private readonly path: string,
    readonly problems: PolicyProblem[],
    hint: string,
  ) {
    this.#valid = isFields(value);
    this.#fields = isFields(value) ? value : {};
    if (!this.#valid) this.#report(path || 'policy', `must be an object, not ${quote(value)}`, hint);
  }

  at(name: string): string {
    return this.path ? `${this.path}.${name}` : name;
  }

  problem(name: string, message: string, hint: string): undefined {
    return this.#report(this.at(name), message, hint);
  }

  #report(path: string, message: string, hint: string): undefined {
    this.problems.push({ path, message, hint });
    return undefined;
  }

  /** The field as it is; a field that is `undefined` counts as absent. */
  raw(name: string): unknown {
    this.#asked.add(name);
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  names(): readonly string[] {
    return Object.keys(this.#fields);
  }

  #missing(name: string, hint: string): undefined {
    // Of something that is no object at all, one problem is enough.
    return this.#valid ? this.problem(name, 'is missing', hint) : undefined;
  }

  number(name: string, range: Range, what: string, fallback?: number): number | undefined {
    const value = this.raw(name);
    const hint = `${what}, ${range.min} to ${range.max}`;
    if (value === undefined) return fallback ?? this.#missing(name, hint);
    if (typeof value !== 'number') return this.problem(name, `must be a number, not ${quote(value)}`, hint);
    if (!(range.min <= value && value <= range.max))
      return this.problem(name, `is out of range: ${value}`, hint);
    return value;
  }

  integer(name: string, range: Range, what: string, fallback?: number): number | undefined {
    const value = this.number(name, range, what, fallback);
    if (value === undefined || Number.isSafeInteger(value)) return value;
    return this.problem(
      name,
      `must be a whole number, not ${value}`,
      `${what}, ${range.min} to ${range.max}`,
    );
  }

  /** As {@link integer}, but `null` (off) is a value, and the default. */
  integerOrNull(name: string, range: Range, what: string): number | null | undefined {
    const value = this.raw(name);
    return value === undefined || value === null ? null : this.integer(name, range, `${what}, or null`);
  }

  boolean(name: string, fallback: boolean): boolean | undefined {
    const value = this.raw(name) ?? fallback;
    if (this.raw(name) === null || typeof value !== 'boolean') {
      return this.problem(name, `must be true or false, not ${quote(this.raw(name))}`, 'true or false');
    }
    return value;
  }

  oneOf<T extends string>(name: string, options: readonly T[], fallback?: T): T | undefined {
    const value = this.raw(name);
    const hint = `one of ${options.map((option) => `"${option}"`).join(', ')}`;
    if (value === undefined) return fallback ?? this.#missing(name, hint);
    return (
      options.find((option) => option === value) ?? this.problem(name, `must not be ${quote(value)}`, hint)
    );
  }

  /** A name as {@link NAME_PATTERN} allows. */
  name(name: string, fallback?: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return fallback ?? this.#missing(name, NAME_HINT);
    if (typeof value === 'string' && NAME_PATTERN.test(value)) return value;
    return this.problem(name, `must be a name, not ${quote(value)}`, NAME_HINT);
  }

  /** A list of strings that pass `test`; undefined if any does not. */
  strings(name: string, hint: string, test: (item: string) => boolean): readonly string[] | undefined {
    const items = this.list(name, hint);
    const good = items?.filter((item, index): item is string => {
      if (typeof item === 'string' && test(item)) return true;
      this.problem(`${name}[${index}]`, `must not be ${quote(item)}`, hint);
      return false;
    });
    return good && good.length === items?.length ? good : undefined;
  }

  list(name: string, hint: string): readonly unknown[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return this.#missing(name, hint);
    return Array.isArray(value) ? value : this.problem(name, `must be a list, not ${quote(value)}`, hint);
  }

  /** The object under a field. */
  fields(name: string, hint: string): FieldReader | undefined {
    const value = this.raw(name);
    if (value === undefined) return this.#missing(name, hint);
    return new FieldReader(value, this.at(name), this.problems, hint);
  }

  /** To be called last: fields that nobody asked for are mistakes (a typing error must not switch a rule off). */
  done(): void {
    const known = [...this.#asked].sort().join(', ');
    for (const name of this.names()) {
      if (!this.#asked.has(name)) this.problem(name, 'is not a field here', `known fields: ${known}`);
    }
  }
}
