/** Pause where nothing was left to prune, ms. */
const IDLE_MS = 20;

/**
 * Prunes for so long, as the sweep timer does.
 *
 * @param {import('nestjs-lockout').LockoutEngine} engine
 * @param {number} ms
 */
export async function pruneFor(engine, ms) {
  const end = performance.now() + ms;
  const isOver = () => performance.now() > end;
  const total = { pruned: 0, failed: 0 };
  do {
    try {
      const { pruned } = await engine.sweeper.catchUp(engine.options.clock, isOver);
      total.pruned += pruned;
      if (pruned === 0) await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    } catch (error) {
      total.failed += 1;
      console.error(error);
    }
  } while (!isOver());
  return total;
}
