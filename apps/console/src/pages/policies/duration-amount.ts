/** Units that a duration is entered in, largest first. */
export const UNITS = ['days', 'hours', 'minutes', 'seconds', 'milliseconds'] as const;

export type Unit = (typeof UNITS)[number];

export const UNIT_MS: Readonly<Record<Unit, number>> = {
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
  milliseconds: 1,
};

/** A duration as it is entered: a number as it was typed, and its unit. */
export interface Amount {
  readonly amount: string;
  readonly unit: Unit;
}

export const isUnit = (text: string | undefined): text is Unit => UNITS.some((unit) => unit === text);

/** Up to two days, hours say more: locks of "24 hours" are what products call them. */
const DAYS_FROM_MS = 2 * UNIT_MS.days;

/** The largest unit of which the duration is a whole number. */
export function amountOf(durationMs: number): Amount {
  const unit =
    UNITS.find(
      (one) =>
        durationMs !== 0 && durationMs % UNIT_MS[one] === 0 && (one !== 'days' || durationMs >= DAYS_FROM_MS),
    ) ?? (durationMs === 0 ? 'seconds' : 'milliseconds');
  return { amount: String(durationMs / UNIT_MS[unit]), unit };
}

const NUMBER = /^(\d+(\.\d*)?|\.\d+)$/;

/** What was typed, as a number; null: it is none. A comma is not taken, for it means two things. */
export function numberOf(text: string): number | null {
  const typed = text.trim();
  return NUMBER.test(typed) ? Number(typed) : null;
}

/** Milliseconds, whole; null: what was typed is no number, or comes to no whole millisecond. */
export function durationOf({ amount, unit }: Amount): number | null {
  const count = numberOf(amount);
  if (count === null) return null;
  const exact = count * UNIT_MS[unit];
  const whole = Math.round(exact);
  // 1.1 minutes are 66 000.000 000 000 01 ms by the machine.
  const isWhole = Math.abs(exact - whole) <= 1e-9 * Math.max(1, whole);
  return isWhole && Number.isSafeInteger(whole) ? whole : null;
}

/** A duration cut into units, largest first, without those that are zero; of 0 ms: no seconds. */
export function durationParts(
  durationMs: number,
): readonly { readonly count: number; readonly unit: Unit }[] {
  let rest = durationMs;
  const parts = UNITS.flatMap((unit) => {
    if (unit === 'days' && durationMs < DAYS_FROM_MS) return [];
    const count = Math.floor(rest / UNIT_MS[unit]);
    rest -= count * UNIT_MS[unit];
    return count > 0 ? [{ count, unit }] : [];
  });
  return parts.length > 0 ? parts : [{ count: 0, unit: 'seconds' }];
}
