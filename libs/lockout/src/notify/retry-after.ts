/**
 * How long an answer asks to be left alone, ms; null: it does not say so. A date is reckoned from the answer's own, so that
 * nobody's clock has to be right.
 */
export function retryAfterMs(headers: Headers): number | null {
  const written = headers.get('retry-after')?.trim();
  if (!written) return null;
  if (/^\d{1,9}$/.test(written)) return Number(written) * 1_000;
  const at = Date.parse(written);
  const sent = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) || Number.isNaN(sent) ? null : Math.max(0, at - sent);
}
