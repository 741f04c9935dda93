/** What a contract asks for: two clients of one store, and all that the first of them can do besides. */
export interface ClientPair<Store> {
  readonly store: Store;
  readonly other: Store;
  readonly audit: Store;
  readonly directory: Store;
  close(): Promise<void>;
}

/** Two clients, as two processes would have. */
export async function openPair<Store>(
  open: () => Promise<{ readonly store: Store; close(): Promise<void> }>,
): Promise<ClientPair<Store>> {
  const one = await open();
  const two = await open();
  return {
    store: one.store,
    other: two.store,
    audit: one.store,
    directory: one.store,
    close: async () => {
      await one.close();
      await two.close();
    },
  };
}

/**
 * Opens by a clock that its test can move, each time a month after the time before: so no test sees the processes of
 * another one.
 */
export function monthByMonth<Opened extends object>(
  open: (clock: () => number) => Promise<Opened>,
): () => Promise<Opened & { advance(ms: number): void }> {
  let now = 1_900_000_000_000;
  const advance = (ms: number): void => {
    now += ms;
  };
  return async () => {
    advance(30 * 86_400_000);
    return { ...(await open(() => now)), advance };
  };
}
