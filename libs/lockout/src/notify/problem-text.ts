/** Most characters of a problem that is stored with a delivery. */
const MAX_LENGTH = 500;
/** So many causes are told, from the outermost. */
const MAX_CAUSES = 3;
/** Errors whose message says it all: operators read it. */
const OURS: ReadonlySet<string> = new Set([
  'DeliveryRefusedError',
  'DeliveryDelayedError',
  'DeliveryTimeoutError',
  'WebhookAnswerError',
]);

/** What a sink threw, in one line that every store can keep: name, message and causes. */
export function problemText(error: unknown): string {
  const told = new Set<string>();
  let cause = error;
  for (let n = 0; n < MAX_CAUSES && cause !== undefined; n += 1) {
    told.add(textOf(cause));
    cause = isError(cause) ? cause.cause : undefined;
  }
  return (
    Array.from(told)
      .join(', because: ')
      .replaceAll(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
      .trim()
      .slice(0, MAX_LENGTH)
      // A pair that was cut in two.
      .replace(/\p{Cs}$/u, '')
  );
}

/** By shape: what `fetch` throws is no `Error` of ours where modules run in a context of their own. */
const isError = (thrown: unknown): thrown is Error =>
  typeof thrown === 'object' && thrown !== null && 'name' in thrown && 'message' in thrown;

function textOf(thrown: unknown): string {
  if (isError(thrown)) return OURS.has(thrown.name) ? thrown.message : `${thrown.name}: ${thrown.message}`;
  return typeof thrown === 'object' && thrown !== null ? 'an object that is no error' : String(thrown);
}
