/** Where in the console one is: what follows the `#`. Pure; the router keeps the current one. */
export interface Place {
  /** Decoded segments of the path; `#/` has none. */
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export type Query = Readonly<Record<string, string | null | undefined>>;

/** Reads `#/accounts/default/alice?tab=events`. What cannot be decoded is taken as it stands. */
export function readHash(hash: string): Place {
  const text = hash.replace(/^#/, '');
  const cut = text.indexOf('?');
  const path = cut < 0 ? text : text.slice(0, cut);
  const query = cut < 0 ? '' : text.slice(cut + 1);
  return {
    segments: path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decode),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** The link to a place; members of `query` that are absent or blank are left out. */
export function hashTo(segments: readonly string[], query: Query = {}): string {
  const path = segments.map(encodeURIComponent).join('/');
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, value);
  }
  const text = parameters.toString();
  return `#/${path}${text === '' ? '' : `?${text}`}`;
}

/**
 * Values of a pattern's parts that begin with a colon, or null where the segments are of another shape. A pattern is
 * written as `accounts/:realm/:account`.
 */
export function matchPattern(
  pattern: string,
  segments: readonly string[],
): Readonly<Record<string, string>> | null {
  const parts = pattern.split('/').filter((part) => part !== '');
  if (parts.length !== segments.length) return null;
  const values: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) values[part.slice(1)] = segment;
    else if (part !== segment) return null;
  }
  return values;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
