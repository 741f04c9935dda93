const ARROW =
  /^(?:async\s*)?\(?\s*(\w+)\s*(?:,[^)]*)?\)?\s*=>\s*(?:String\()?\s*\1(?:\??\.\w+|\[['"]\w+['"]\])*\s*\)?\s*;?$/;
const BODY =
  /^(?:async\s+)?(?:function\s*\w*|\w+)\s*\(\s*(\w+)\s*(?:,[^)]*)?\)\s*\{\s*return\s+(?:String\()?\s*\1(?:\??\.\w+|\[['"]\w+['"]\])*\s*\)?\s*;?\s*\}$/;

/**
 * Whether an `account` function only hands on a field of what was sent, instead of looking the account up (R19). Told
 * from its source text, which is a guess: it knows `request => request.body.name` and the like, and misses anything
 * that names the field in a variable first.
 */
export function isBareAccessor(account: (...args: never[]) => unknown): boolean {
  const source = Function.prototype.toString.call(account).trim();
  return ARROW.test(source) || BODY.test(source);
}
