import type { LockoutEngine } from '../engine/lockout-engine.js';
import type { LockoutEventType } from '../policy/event.js';
import type { NodeReport, RefusalCounts } from '../store/node-registry.js';
import { iso } from './moment.js';
import { storeNow } from './store-now.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Up to so many hours a slice is short: what just began is seen at once. */
const SHORT_HOURS = 6;
const SHORT_SLICE_MS = 300_000;
const LONG_SLICE_MS = 1_800_000;
const TOP_ADDRESSES = 10;

/** How many of each happened in one slice of time. */
export interface OverviewSlice {
  /** Its start. */
  readonly at: string;
  readonly locked: number;
  readonly unlocked: number;
  /** Locks that ended by themselves. */
  readonly expired: number;
  /** Failures that were recorded (`notify` of the policies says from which on). */
  readonly failed: number;
  /** Attempts that were refused. Kept for 24 hours, in the memory of processes: those of one that crashed are lost. */
  readonly refused: number;
}

/** What is locked now, and what happened of late, in all realms that were asked for. */
export interface OverviewView {
  /** The store's clock when this was read. */
  readonly now: string;
  /** The start of the first slice. */
  readonly from: string;
  readonly sliceMs: number;
  /** What this is about: the realm that was asked for, or all that may be viewed. */
  readonly realms: readonly string[];
  /** Locks in force. An account that several policies lock has several. */
  readonly locks: { readonly accounts: number; readonly addresses: number };
  /** Every slice, oldest first; the last is not over yet. */
  readonly slices: readonly OverviewSlice[];
  /** Where most failures came from, most first. */
  readonly addresses: readonly {
    readonly id: string;
    readonly realm: string;
    /** Null where no labels are kept. */
    readonly address: string | null;
    readonly events: number;
  }[];
  /** Processes that share the store and announced themselves of late. */
  readonly processes: readonly { readonly label: string }[];
  /** `returning`: what was counted without it is still being brought back. */
  readonly store: 'well' | 'returning' | 'gone';
}

const STORE = { answers: 'well', returning: 'returning', gone: 'gone' } as const;

/** Where the reports of processes come from. */
export interface Processes {
  /** How long after its last report a process is taken as gone, ms. */
  readonly lifeMs: number;
  reports(withinMs: number): Promise<readonly NodeReport[]>;
}

/** `realms`: those that may be viewed. `hours`: 1 to 48. */
export async function overviewView(
  engine: LockoutEngine,
  processes: Processes,
  realms: readonly string[],
  hours: number,
): Promise<OverviewView> {
  const { store } = engine.options;
  const now = await storeNow(engine);
  const sliceMs = hours <= SHORT_HOURS ? SHORT_SLICE_MS : LONG_SLICE_MS;
  const to = Math.floor(now / sliceMs) * sliceMs + sliceMs;
  const from = to - hours * HOUR_MS;
  const [accounts, addresses, shape, reports, alive] = await Promise.all([
    store.countLocked({ of: 'account', realms, now }),
    store.countLocked({ of: 'address', realms, now }),
    store.shape({ realms, from, to, sliceMs, top: TOP_ADDRESSES }),
    processes.reports(DAY_MS),
    processes.reports(processes.lifeMs),
  ]);
  const slices = new SliceCounts(from, sliceMs, (to - from) / sliceMs);
  for (const { at, type, count } of shape.slices) {
    if (isCounted(type)) slices.add(at, type, count);
  }
  for (const { refusals } of reports) addRefusals(slices, refusals, realms);
  return {
    now: iso(now),
    from: iso(from),
    sliceMs,
    realms,
    locks: { accounts, addresses },
    slices: slices.all(),
    addresses: shape.addresses.map(({ realm, addressHash, label, count }) => ({
      id: addressHash,
      realm,
      address: label,
      events: count,
    })),
    processes: alive.map(({ label }) => ({ label })).sort((a, b) => (a.label < b.label ? -1 : 1)),
    store: STORE[engine.storeState],
  };
}

type Counted = Exclude<keyof OverviewSlice, 'at'>;

/** Types of events that a slice has a number for. */
const COUNTED_TYPES = ['locked', 'unlocked', 'expired', 'failed'] as const satisfies readonly Counted[];

const isCounted = (type: LockoutEventType): type is (typeof COUNTED_TYPES)[number] =>
  COUNTED_TYPES.some((counted) => counted === type);

/** One row of counts for each slice of time. */
class SliceCounts {
  private readonly rows: Record<Counted, number>[];

  constructor(
    private readonly from: number,
    private readonly sliceMs: number,
    length: number,
  ) {
    this.rows = Array.from({ length }, () => ({ locked: 0, unlocked: 0, expired: 0, failed: 0, refused: 0 }));
  }

  /** What lies outside counts nowhere. */
  add(at: number, counted: Counted, count: number): void {
    const row = this.rows[Math.floor((at - this.from) / this.sliceMs)];
    if (row) row[counted] += count;
  }

  all(): OverviewSlice[] {
    return this.rows.map((row, index) => ({ at: iso(this.from + index * this.sliceMs), ...row }));
  }
}

/** A process counts in shorter slices: each goes where it begins. */
function addRefusals(
  slices: SliceCounts,
  refusals: RefusalCounts | undefined,
  realms: readonly string[],
): void {
  if (!refusals) return;
  for (const realm of realms) {
    const counts = Object.hasOwn(refusals.realms, realm) ? (refusals.realms[realm] ?? []) : [];
    for (const [index, count] of counts.entries())
      slices.add(refusals.from + index * refusals.sliceMs, 'refused', count);
  }
}
