/** A page was asked for with a cursor that did not come from the page before. The caller's fault: 400. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  readonly code = 'LOCKOUT_BAD_INPUT';

  constructor() {
    super('The cursor does not belong to this list.');
  }
}

/**
 * Where a page ended: the list's name, the sort value of the last item, and its key to tell equals apart. Base64url of
 * JSON, opaque to clients. It holds nothing that the page itself did not show.
 */
export interface Cursor {
  readonly list: string;
  readonly value: number;
  readonly key: string;
}

export function encodeCursor({ list, value, key }: Cursor): string {
  return Buffer.from(JSON.stringify([list, value, key])).toString('base64url');
}

/** Throws {@link CursorError} for one that was not made for `list`. */
export function decodeCursor(list: string, cursor: string): Cursor {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new CursorError();
  }
  if (!Array.isArray(parts) || parts.length !== 3 || parts[0] !== list) throw new CursorError();
  const [, value, key] = parts as unknown[];
  if (!Number.isSafeInteger(value) || typeof key !== 'string' || !/^([0-9a-f]{2})*$/.test(key))
    throw new CursorError();
  return { list, value: value as number, key };
}
