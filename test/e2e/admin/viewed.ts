import type { Answer } from './admin-app.js';

/** An answer's body as what the call promises; fails unless it was a 200. */
export function viewed<View>(answer: Answer): View {
  if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body as unknown as View;
}

/** A query string; what is undefined is left out. */
export function queryOf(fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );
  return new URLSearchParams(given).toString();
}
