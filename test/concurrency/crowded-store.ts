import { type AuditLog, type Directory, LockoutEngine, type LockoutStore } from 'nestjs-lockout';
import { definePolicies, minutes, type PolicyInput } from 'nestjs-lockout/policy';
import { Crowd, type CrowdPlace, type CrowdReport, type CrowdRun, type Guess, SECRET } from './crowd.js';

export const PROCESSES = 4;

const fiveMinutes = { kind: 'fixed', durationMs: minutes(5) } as const;
export const THREE: readonly PolicyInput[] = [
  { name: 'account', threshold: 5, schedule: fiveMinutes },
  { name: 'address', scope: ['address'], threshold: 20, schedule: fiveMinutes },
  { name: 'pair', scope: ['account', 'address'], threshold: 5, schedule: fiveMinutes },
];
export const ONE = THREE.slice(0, 1);

/** So many guesses; `of` says whom the n-th is at and where it comes from. Wrong, unless it has a password. */
export function guesses(
  count: number,
  of: (n: number) => Pick<Guess, 'account' | 'address'> & Partial<Guess>,
): Guess[] {
  return Array.from({ length: count }, (_, n) => ({ password: `wrong-${n}`, ...of(n) }));
}

/** A store that several processes share while their crowds guess, one crowd a test. */
export class CrowdedStore {
  /** Over all tests: whether one run has a race to lose is up to the scheduler. */
  lostRaces = 0;
  /** How many tests have begun. */
  round = 0;
  private readonly crowd: Crowd;

  constructor(
    place: CrowdPlace,
    /** Another client of it, in this process. */
    private readonly open: (options: {
      clock?: () => number;
    }) => Promise<{ store: LockoutStore & Directory & AuditLog; close: () => Promise<void> }>,
  ) {
    this.crowd = new Crowd(place, PROCESSES);
  }

  close(): void {
    this.crowd.close();
  }

  /** Every test has accounts and addresses of its own. */
  fresh(): { account: string; address: string } {
    this.round += 1;
    return { account: `alice-${this.round}`, address: `10.1.${this.round}.1` };
  }

  async run(own: CrowdRun): Promise<CrowdReport> {
    const report = await this.crowd.run(own);
    this.lostRaces += report.lostRaces;
    return report;
  }

  /** What an engine of this process sees; `later`: as if so many ms had passed on the store's clock. */
  async inspect<T>(work: (engine: LockoutEngine) => Promise<T>, later = 0): Promise<T> {
    const { store, close } = await this.open(later > 0 ? { clock: () => Date.now() + later } : {});
    try {
      return await work(
        new LockoutEngine({ store, secrets: [SECRET], policies: definePolicies(ONE), waitMs: 0 }),
      );
    } finally {
      await close();
    }
  }
}

export const statusOf = (crowded: CrowdedStore, account: string) =>
  crowded.inspect((engine) => engine.status({ account }));
