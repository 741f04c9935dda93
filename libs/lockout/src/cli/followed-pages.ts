import type { Page } from '../store/directory.js';

/** One page, or (`all`) every page from there on as one. A cursor that leads nowhere new ends it. */
export async function followedPages<T>(
  ask: (cursor: string | undefined) => Promise<Page<T>>,
  { from, all }: { readonly from: string | undefined; readonly all: boolean },
): Promise<Page<T>> {
  const first = await ask(from);
  if (!all) return first;
  const items = [...first.items];
  const seen = new Set<string>();
  let { nextCursor } = first;
  while (nextCursor !== null && !seen.has(nextCursor)) {
    seen.add(nextCursor);
    const page: Page<T> = await ask(nextCursor);
    items.push(...page.items);
    ({ nextCursor } = page);
  }
  return { items, nextCursor };
}
