/** What is ticked for a change of several things at once. */
export interface Choosable {
  readonly id: string;
  readonly unlockable: boolean;
}

type Named = Pick<Choosable, 'id'>;

export type Selection = ReadonlySet<string>;

/** Ticks it, or takes the tick away; past the most that may be chosen nothing more is ticked (CS-14). */
export function toggled(selection: Selection, id: string, maximum: number): Selection {
  const next = new Set(selection);
  if (!next.delete(id) && next.size < maximum) next.add(id);
  return next;
}

/** Ticks the first so many of them; all of those ticked already: none. */
export function toggledAll(selection: Selection, items: readonly Named[], maximum: number): Selection {
  const first = items.slice(0, maximum).map(({ id }) => id);
  const isFull =
    first.length > 0 && first.every((id) => selection.has(id)) && selection.size === first.length;
  return isFull ? new Set() : new Set(first);
}

/** Without what is no longer there: a tick on something unseen must not be acted on. */
export function stillThere(selection: Selection, items: readonly Named[]): Selection {
  const there = new Set(items.map(({ id }) => id));
  const kept = Array.from(selection).filter((id) => there.has(id));
  return kept.length === selection.size ? selection : new Set(kept);
}

/** What the ticks allow. */
export type Offer<T> =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unlock'; readonly items: readonly T[] }
  /** Offered only if all of them can be unlocked; these cannot (CS-17). */
  | { readonly kind: 'ineligible'; readonly items: readonly T[]; readonly ineligible: readonly T[] };

export function offerOf<T extends Choosable>(selection: Selection, items: readonly T[]): Offer<T> {
  const chosen = items.filter(({ id }) => selection.has(id));
  if (chosen.length === 0) return { kind: 'nothing' };
  const ineligible = chosen.filter(({ unlockable }) => !unlockable);
  return ineligible.length === 0
    ? { kind: 'unlock', items: chosen }
    : { kind: 'ineligible', items: chosen, ineligible };
}
