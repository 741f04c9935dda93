/** The wall clock as it is, for what has to know it. */
export const trueNow = Date.now.bind(Date);

/**
 * From now on this process's wall clock is off: by a fixed number of milliseconds, or by another one up to that, forth
 * and back, every `jumpEveryMs`. Monotonic clocks are not touched. Imported before anything that could read the time.
 *
 * @param {{ offsetMs: number, jumpEveryMs: number | null, pick: () => number }} skew `pick`: −1 to 1
 */
export function skewDate({ offsetMs, jumpEveryMs, pick }) {
  const RealDate = Date;
  let offset = offsetMs;
  globalThis.Date = /** @type {DateConstructor} */ (
    class SkewedDate extends RealDate {
      /** @param {...any} parts */
      constructor(...parts) {
        if (parts.length === 0) super(RealDate.now() + offset);
        // @ts-expect-error As many as were given.
        else super(...parts);
      }

      static now() {
        return RealDate.now() + offset;
      }
    }
  );
  if (jumpEveryMs !== null)
    setInterval(() => {
      offset = Math.round(pick() * offsetMs);
    }, jumpEveryMs).unref();
}
