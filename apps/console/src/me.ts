import { computed, signal } from '@preact/signals';
import type { MeView } from 'nestjs-lockout/admin';
import { get } from './api.js';

/** Who is using the console and what the application lets him do; null until it is known. */
export const me = signal<MeView | null>(null);

export async function loadMe(signal?: AbortSignal): Promise<void> {
  me.value = await get<MeView>('me', signal ? { signal } : {});
}

/** The realms whose accounts may be viewed, in the application's order. */
export const viewableRealms = computed(() =>
  (me.value?.realms ?? []).filter(({ view }) => view).map(({ realm }) => realm),
);

/** Most that can be unlocked at once. */
export const bulkMaximum = computed(() => me.value?.bulkMaximum ?? 1);

type RealmAction = 'view' | 'unlock' | 'lock' | 'erase';

/** Whether the console offers this at all. The server decides: a realm that `me` does not name is asked by trying. */
export function may(action: RealmAction, realm: string): boolean {
  const known = me.value?.realms.find((entry) => entry.realm === realm);
  return known ? known[action] : true;
}

/** The same for what is of a realm that only the server knows. */
export const mayAnywhere = (action: RealmAction): boolean =>
  me.value?.realms.some((entry) => entry[action]) ?? true;

/** Where to turn about this realm; null: nowhere. */
export const supportOf = (realm: string): string | null =>
  me.value?.realms.find((entry) => entry.realm === realm)?.support ?? null;
