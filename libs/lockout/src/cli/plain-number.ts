const COUNT = new Intl.NumberFormat('en');
const SHARE = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** `1,234,567`. */
export const count = (value: number): string => COUNT.format(value);

/** `1 lock`, `3 locks`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** `2.1%`; `0%` of nothing. A share that is not zero never reads like none. */
export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0%';
  return part / whole < 0.001 ? 'less than 0.1%' : SHARE.format(part / whole);
}

/** `1st`, `2nd`, `11th`. */
export function ordinal(value: number): string {
  const ending = { one: 'st', two: 'nd', few: 'rd' } as const;
  const rule = new Intl.PluralRules('en', { type: 'ordinal' }).select(value);
  return `${count(value)}${rule === 'one' || rule === 'two' || rule === 'few' ? ending[rule] : 'th'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`;
}
