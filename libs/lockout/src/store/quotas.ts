/**
 * So many of something in so long a time, counted for all processes together: unlock links of an account in a day, mails
 * to a recipient in an hour. `testing/quotas-contract` is the suite every implementation passes.
 *
 * Time is the store's clock. Every method rejects with `StoreError` when the store cannot answer, and for what no row can
 * hold (`data`). Whoever cannot ask has not been given anything: the caller fails closed.
 */
export interface Quotas {
  /**
   * Takes one of `limit`, and tells whether there was one left. The window is fixed: it begins with the first take, and
   * once it is over the next take begins a new one. Of any number of callers, in any number of processes, at most `limit`
   * are told true within one window. A refused take writes nothing. Drops a few rows of others whose windows are over.
   *
   * Where its outcome is unknown it may have taken one: asking again may then cost a second, and never gives more than
   * `limit`.
   *
   * @param id 64 lower-case hex digits: a hash of what is counted and of whom.
   * @param limit 1 to 1,000,000. Callers may name different ones: each is told by its own.
   * @param windowMs 1 ms to 366 days. Said by the take that begins a window; later ones of it do not move its end.
   */
  takeQuota(id: string, limit: number, windowMs: number): Promise<boolean>;
  /**
   * Gives one back that was taken for nothing, while its window lasts. Does nothing where none is taken, or the window is
   * over. Not to be sent again where its outcome is unknown: that could give back what another took.
   */
  returnQuota(id: string): Promise<void>;
  /** How many are taken in the window that lasts; 0 where none does. Takes nothing: to ask before something is begun. */
  quotaTaken(id: string): Promise<number>;
}

/** Whether a store keeps quotas; the port is optional. */
export const isQuotas = (store: object): store is Quotas =>
  (['takeQuota', 'returnQuota', 'quotaTaken'] as const).every(
    (method) => typeof Reflect.get(store, method) === 'function',
  );
