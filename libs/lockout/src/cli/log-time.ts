/** Numbers from here on are milliseconds: as seconds they would be after the year 5138. */
const MILLISECONDS_FROM = 1e11;
/** Before this no log was written; a smaller number is something else. 1980, in seconds. */
const EARLIEST_S = 315_532_800;

const NUMBER = /^\d{9,13}(\.\d+)?$/;
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?$/i;
const ZONE = /(Z|[+-]\d{2}:?\d{2})$/i;

/**
 * The moment a log names: ISO 8601, or seconds or milliseconds since 1970. A time without a zone is taken as UTC; a
 * date alone is its midnight.
 * @returns epoch ms, or null: no such notation (`01/02/2026` means two days).
 */
export function readTime(text: string): number | null {
  if (NUMBER.test(text)) {
    const value = Number(text);
    if (value < EARLIEST_S) return null;
    return Math.round(value < MILLISECONDS_FROM ? value * 1000 : value);
  }
  if (!ISO.test(text)) return null;
  const iso = text.replace(' ', 'T').replace(' ', '').replace(',', '.');
  const at = Date.parse(iso.length === 10 || ZONE.test(iso.slice(10)) ? iso : `${iso}Z`);
  return Number.isNaN(at) || at < 0 ? null : at;
}
