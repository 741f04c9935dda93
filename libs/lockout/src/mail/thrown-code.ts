/** A name of a class, as programs have them. */
const NAME = /^[A-Za-z_$][\w$]{0,63}$/;
/** A code of an error: `ECONNREFUSED`, `ER_DUP_ENTRY`, `23505`. */
const CODE = /^[A-Z0-9_]{1,40}$/;

/**
 * What was thrown by class and code, `TypeError ERR_INVALID_URL`: it is stored and shown, and the words of an error that is
 * not ours may name anybody.
 */
export function thrownCode(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return `the type ${typeof thrown}`;
  try {
    const { name, code } = thrown as { readonly name?: unknown; readonly code?: unknown };
    const isName = typeof name === 'string' && NAME.test(name);
    const isCode = typeof code === 'number' || (typeof code === 'string' && CODE.test(code));
    return [isName ? name : 'an object', ...(isCode ? [String(code)] : [])].join(' ');
  } catch {
    return 'what cannot be read';
  }
}
