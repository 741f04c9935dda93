import { setTimeout as pause } from 'node:timers/promises';
import type { Phase, SignInAttempt } from './campaign.js';
import { Tally } from './tally.js';

/** Between two attempts, for whoever watches: the whole takes about a minute. */
const PACE_MS = 150;

/** Longest that an attempt waits: one that is kept waiting by others is answered within ten seconds. */
const PATIENCE_MS = 30_000;

/** Tries to sign in, at an app that believes X-Forwarded-For of this machine. */
export class Attacker {
  constructor(
    private readonly url: string,
    private readonly fast: boolean,
  ) {}

  /** Whether the sample app answers there. */
  async finds(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/healthz`, { signal: AbortSignal.timeout(PATIENCE_MS) });
      return ((await response.json()) as { readonly status?: unknown }).status === 'ok';
    } catch {
      return false;
    }
  }

  /** Slowly: one attempt after the other. Fast: all addresses at once, each with one after the other. */
  async play({ attempts }: Phase): Promise<Tally> {
    const tally = new Tally();
    const machines = this.fast ? Array.from(byAddress(attempts).values()) : [attempts];
    await Promise.all(
      machines.map(async (machine) => {
        for (const one of machine) {
          tally.add(await this.signIn(one));
          if (!this.fast) await pause(PACE_MS);
        }
      }),
    );
    return tally;
  }

  /** The status; null: no answer. */
  private async signIn({ realm, username, password, address }: SignInAttempt): Promise<number | null> {
    try {
      const response = await fetch(`${this.url}/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': address },
        body: JSON.stringify({ realm, username, password }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null;
    }
  }
}

function byAddress(attempts: readonly SignInAttempt[]): ReadonlyMap<string, readonly SignInAttempt[]> {
  const found = new Map<string, SignInAttempt[]>();
  for (const one of attempts) found.set(one.address, [...(found.get(one.address) ?? []), one]);
  return found;
}
