import type { SimulateAnswer, SimulationResult } from 'nestjs-lockout/admin';
import type { SimulatedStep } from 'nestjs-lockout/policy';
import { send } from '../../api.js';

/** Plays steps against policies on the server: the rule that decides in production. Throws as `send`. */
export async function simulate(
  policies: readonly Readonly<Record<string, unknown>>[],
  steps: readonly SimulatedStep[],
  signal: AbortSignal,
): Promise<readonly SimulationResult[]> {
  const { results } = await send<SimulateAnswer>('POST', 'simulate', { policies, steps }, { signal });
  return results;
}
