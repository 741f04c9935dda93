/** Most characters of a problem that is stored with a delivery. */
const MAX_LENGTH = 500;
/** So many causes are told, from the outermost. */
const MAX_CAUSES = 3;
/** Instead of what was thrown and cannot be read: a proxy that was revoked, a getter that throws, a name that is no text. */
export const ILLEGIBLE = 'What was thrown cannot be read.';
/** What is read of an error beside its text, here and by whoever is told of a delivery. */
const PARTS_READ = ['code', 'cause', 'retryInMs'];
/** Errors whose message says it all: operators read it. */
const OURS: ReadonlySet<string> = new Set([
  'DeliveryRefusedError',
  'DeliveryDelayedError',
  'DeliveryTimeoutError',
  'WebhookAnswerError',
]);

/** What a sink threw, in one line that every store can keep: name, message and causes. Never throws. */
export function problemText(error: unknown): string {
  const told = new Set<string>();
  let cause = error;
  for (let n = 0; n < MAX_CAUSES && cause !== undefined; n += 1) {
    told.add(safely(textOf, cause, ILLEGIBLE));
    cause = safely(causeOf, cause, undefined);
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

/** Whether its class, its text and what else is read of it can be read at all: whatever is thrown is foreign. */
export function isLegible(thrown: unknown): boolean {
  try {
    const parts: object = Object(thrown);
    Reflect.getPrototypeOf(parts);
    for (const part of PARTS_READ) Reflect.get(parts, part);
    textOf(thrown);
    return true;
  } catch {
    return false;
  }
}

function safely<T>(read: (thrown: unknown) => T, thrown: unknown, otherwise: T): T {
  try {
    return read(thrown);
  } catch {
    return otherwise;
  }
}

/** By shape: what `fetch` throws is no `Error` of ours where modules run in a context of their own. */
const isError = (thrown: unknown): thrown is Error =>
  typeof thrown === 'object' && thrown !== null && 'name' in thrown && 'message' in thrown;

const causeOf = (thrown: unknown): unknown => (isError(thrown) ? thrown.cause : undefined);

/** Throws where it cannot be read. */
function textOf(thrown: unknown): string {
  if (isError(thrown)) {
    const [name, message] = [String(thrown.name), String(thrown.message)];
    return OURS.has(name) ? message : `${name}: ${message}`;
  }
  return typeof thrown === 'object' && thrown !== null ? 'an object that is no error' : String(thrown);
}
