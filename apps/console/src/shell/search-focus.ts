export const SEARCH_ID = 'search';

/** A result that comes later than this finds the operator busy with something else. */
const WANTED_FOR_MS = 5_000;

let wantedUntil = 0;

/** A search was sent off: what it finds takes the focus, so that Enter goes on where Enter led. */
export function wantResultFocus(): void {
  wantedUntil = performance.now() + WANTED_FOR_MS;
}

/** What was searched for is shown: the focus goes to the first thing that can be done about it. */
export function focusWanted(): void {
  if (performance.now() > wantedUntil) return;
  wantedUntil = 0;
  const first =
    document.querySelector<HTMLElement>('.table .column-action button') ??
    document.querySelector<HTMLElement>('.table tbody a') ??
    document.getElementById('page-heading');
  first?.focus();
}
