/** `(request)`, `request`, or with further parameters after it. */
const PARAMETERS = String.raw`\(?\s*(\w+)\s*(?:,[^)]*)?\)?`;
/** The first parameter or a field of it, as it is or as a text. */
const FIELD = String.raw`(?:String\(\s*)?\1(?:\??\.\w+|(?:\?\.)?\[['"]\w+['"]\])*\s*\)?`;
const RETURN = String.raw`\{\s*return\s+${FIELD}\s*;?\s*\}`;
const ARROW = new RegExp(String.raw`^(?:async\s*)?${PARAMETERS}\s*=>\s*(?:${FIELD}|${RETURN})$`);
const FUNCTION = new RegExp(String.raw`^(?:async\s+)?(?:function\b\s*\w*|\w+)\s*${PARAMETERS}\s*${RETURN}$`);

/**
 * Whether an `account` function only hands on a field of what was sent, instead of looking the account up (R19). Told
 * from its source text, which is a guess: it knows `request => request.body.name` and the like, and misses anything
 * that names the field in a variable first.
 */
export function isBareAccessor(account: (...args: never[]) => unknown): boolean {
  const source = Function.prototype.toString.call(account).trim();
  return ARROW.test(source) || FUNCTION.test(source);
}
