/** What kind of error it is, without what it says: `TypeError ECONNREFUSED`. Never throws: whatever was thrown is foreign, and so is its cause. */
export function errorKind(error: unknown): string {
  try {
    return kindRead(error);
  } catch {
    return typeof error;
  }
}

function kindRead(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const { name, code, cause } = error as {
    name?: unknown;
    code?: unknown;
    cause?: { code?: unknown } | null;
  };
  const told = [name, code ?? cause?.code].filter((part) => typeof part === 'string');
  return told.length > 0 ? told.join(' ') : 'object';
}
