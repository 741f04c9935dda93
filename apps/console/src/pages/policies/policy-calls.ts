import type { PolicyBody, PolicyItem, RevisionView } from 'nestjs-lockout/admin';
import { get, path, send } from '../../api.js';
import { Change } from '../../change.js';
import { changed } from '../../live.js';
import { t } from '../../messages.js';
import { Problem } from '../../problem.js';
import { toast } from '../../ui/toasts.js';
import type { Settings, Target } from './policy-body.js';

const at = ({ name, brand }: Target): string =>
  brand === null ? path('policies', name) : path('policies', name, 'brands', brand);

const versionTag = (version: number): string => `"${version}"`;

export const readPolicy = (target: Target, signal: AbortSignal): Promise<PolicyBody> =>
  get<PolicyBody>(at(target), { signal });

export async function readPolicies(signal: AbortSignal): Promise<readonly PolicyItem[]> {
  const { items } = await get<{ readonly items: readonly PolicyItem[] }>('policies', { signal });
  return items;
}

/** So many saves at a time. */
const PAGE = 20;

/** The latest saves: `pages` pages of them. `more`: there are earlier ones. */
export async function readHistory(target: Target, pages: number, signal: AbortSignal) {
  const items: RevisionView[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pages; page += 1) {
    const answer: { readonly items: readonly RevisionView[]; readonly nextCursor: string | null } = await get(
      `${at(target)}/history`,
      { query: { limit: PAGE, cursor }, signal },
    );
    items.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return { items, more: cursor !== null };
}

/** What a save is asked with: what was seen, why, and which of the operator's actions it is. */
export interface Asked {
  readonly seen: PolicyBody;
  readonly reason: string;
  readonly change: Change;
}

/** Saves, says so with a way to take it back, and answers what governs now. Throws as `send`. */
export async function savePolicy(target: Target, settings: Settings, asked: Asked): Promise<PolicyBody> {
  const { seen, reason, change } = asked;
  const options = { change, ifMatch: versionTag(seen.version) };
  const saved = await send<PolicyBody>('PUT', at(target), { settings, reason }, options);
  return announce(target, seen, saved, false);
}

/** Back to configuration. As {@link savePolicy}. */
export async function removePolicy(target: Target, asked: Asked): Promise<PolicyBody> {
  const { seen, reason, change } = asked;
  const options = { change, ifMatch: versionTag(seen.version) };
  const saved = await send<PolicyBody>('DELETE', at(target), { reason }, options);
  return announce(target, seen, saved, true);
}

/** What an earlier version said. As {@link savePolicy}. */
export async function revertPolicy(
  target: Target,
  { version, settings }: RevisionView,
  asked: Asked,
): Promise<PolicyBody> {
  const { seen, reason, change } = asked;
  const options = { change, ifMatch: versionTag(seen.version) };
  const saved = await send<PolicyBody>('POST', `${at(target)}/revert`, { version, reason }, options);
  return announce(target, seen, saved, settings === null);
}

/** `toCode`: nothing that was saved governs any more. */
function announce(target: Target, before: PolicyBody, saved: PolicyBody, toCode: boolean): PolicyBody {
  changed();
  const undo = async (): Promise<void> => {
    await takeBack(target, before, saved);
    changed();
    toast(t('console.policies.undone'));
  };
  const restored = target.brand === null ? 'console.policies.restored' : 'console.policies.restored-brand';
  const text = toCode ? t(restored) : t('console.policies.saved', { version: saved.version });
  // The same version: there was nothing to change.
  toast(text, saved.version === before.version ? {} : { undo });
  return saved;
}

/** What governed before the save, by its version; what was never saved is configuration. */
async function takeBack(target: Target, before: PolicyBody, saved: PolicyBody): Promise<void> {
  const reason = t('console.policies.undo.reason', { version: saved.version });
  const options = { change: new Change(), ifMatch: versionTag(saved.version) };
  if (before.version === 0) await send('DELETE', at(target), { reason }, options);
  else await send('POST', `${at(target)}/revert`, { version: before.version, reason }, options);
}

/** What somebody else saved meanwhile, where that is why an answer was no. */
export function conflictOf(error: unknown): PolicyBody | null {
  if (!(error instanceof Problem) || error.status !== 409) return null;
  const { current } = error.members;
  return typeof current === 'object' && current !== null ? (current as PolicyBody) : null;
}
