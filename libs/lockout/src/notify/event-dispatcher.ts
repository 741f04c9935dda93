import type { ClaimedDelivery, Outbox } from '../store/outbox.js';
import { StoreError } from '../store/store-error.js';
import { backoffMs, triesWithin } from './backoff.js';
import { type DispatchClock, deliverInTime } from './deliver-in-time.js';
import { DeliveryDelayedError, DeliveryRefusedError } from './delivery-errors.js';
import type { DispatchReport } from './dispatch-report.js';
import { type DispatchSettings, resolveSettings, settingProblems } from './dispatch-settings.js';
import { FewAtOnce } from './few-at-once.js';
import { isWanted } from './is-wanted.js';
import { type AccountNames, namedAccount } from './named-account.js';
import { problemText } from './problem-text.js';
import type { LockoutSink } from './sink.js';
import { SinkLine } from './sink-line.js';

/** A sink that is away is asked again after no less and no more than this, ms, whatever it says. */
const REST_MS = { min: 1_000, max: 3_600_000 };
/** What became of a delivery is told to the store again after this, ms, while the store has trouble. */
const SETTLE_PAUSE_MS = 500;
/**
 * Deliveries whose outcome is told to the store at once: each takes a connection, and the sign-ins need those. However many
 * sinks there are.
 */
const SETTLED_AT_ONCE = 4;
/** While the store has trouble, pauses between two questions grow up to so many times `pollMs`. */
const MOST_POLLS = 8;

export interface DispatcherOptions extends DispatchSettings {
  readonly outbox: Outbox;
  /** Tells accounts from names that nobody has: `engine.accounts`. */
  readonly accounts: AccountNames;
  /** Each with a name of its own. */
  readonly sinks: readonly LockoutSink[];
  readonly clock: DispatchClock;
  /** Even draws from [0, 1). */
  readonly random: () => number;
  /** 32 hex digits that never repeat. */
  readonly freshToken: () => string;
  /** Told of everything that it did. Must not throw. */
  readonly observe?: (report: DispatchReport) => void;
}

/** A delivery that is this process's own for a while. */
interface Claim {
  readonly delivery: ClaimedDelivery;
  readonly token: string;
  /** Monotonic ms at which the lease is over at the earliest. */
  readonly until: number;
}

/** What is to become of a delivery in the outbox. False: it is another process's by now. */
type Settle = () => Promise<boolean>;

/**
 * Takes what waits in the outbox to its sinks: at least once, of one account in order, side by side for different accounts
 * and sinks, in any number of processes at once. What it does nobody waits for, and store trouble only makes it slower.
 */
export class EventDispatcher {
  private readonly settings: Required<DispatchSettings>;
  private readonly lines: ReadonlyMap<string, SinkLine>;
  private readonly mostTries: number;
  private readonly underWay = new Set<Promise<void>>();
  /** Questions that the store has not answered yet: what it answers is somebody's already. */
  private readonly asked = new Set<Promise<number>>();
  private readonly settling = new FewAtOnce(SETTLED_AT_ONCE);
  private loop: Promise<void> | null = null;
  private isStopping = false;
  private isNudged = false;
  private wake: (() => void) | null = null;
  /** Questions in a row that the store did not answer. */
  private misses = 0;
  private delivered = 0;

  /** Throws RangeError for settings that cannot be. */
  constructor(private readonly options: DispatcherOptions) {
    const problems = settingProblems(options);
    if (problems.length > 0) throw new RangeError(problems.join(' '));
    this.settings = resolveSettings(options);
    this.mostTries = triesWithin(this.settings.giveUpAfterMs);
    this.lines = new Map(options.sinks.map((sink) => [sink.name, new SinkLine(sink)]));
  }

  /** Begins to look at the outbox. Does nothing where it runs, or where there is no sink. */
  start(): void {
    if (this.loop || this.lines.size === 0) return;
    this.isStopping = false;
    this.loop = this.run();
  }

  /** Takes nothing more, and resolves when what is under way has ended: each within its time. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.wake?.();
    await this.loop;
    await Promise.all(this.underWay);
    this.loop = null;
  }

  /** Looks at the outbox now: something was committed. Waits for nothing. */
  nudge(): void {
    this.isNudged = true;
    // A store in trouble is not asked more often because of it.
    if (this.misses === 0) this.wake?.();
  }

  /**
   * Delivers everything that is due, and what that makes due, whether or not it was started. Resolves with how many
   * deliveries succeeded meanwhile. Rejects with what the store threw, or because it answered too late.
   */
  async runOnce(): Promise<number> {
    const before = this.delivered;
    for (;;) {
      const found = await this.claim();
      const others = [...this.underWay, ...this.asked];
      await Promise.allSettled(others);
      if (found === 0 && others.length === 0) return this.delivered - before;
    }
  }

  private async run(): Promise<void> {
    while (!this.isStopping) {
      this.isNudged = false;
      if (!(await this.round())) await this.pause();
    }
  }

  /** Whether it found something, so that there may be more. Never rejects. */
  private async round(): Promise<boolean> {
    try {
      const found = await this.claim();
      if (this.misses > 0) this.tell({ type: 'store-works' });
      this.misses = 0;
      return found > 0;
    } catch (error) {
      if (this.misses === 0) this.tell({ type: 'store-fails', error });
      this.misses += 1;
      return false;
    }
  }

  private pause(): Promise<void> {
    if (this.isStopping || (this.isNudged && this.misses === 0)) return Promise.resolve();
    const { random } = this.options;
    return this.rest(this.settings.pollMs * Math.min(MOST_POLLS, 2 ** this.misses) * (0.5 + random()));
  }

  /** Until so much time is over, or somebody wakes it. */
  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.wake = null;
        resolve();
      };
      const cancel = this.options.clock.alarm(ms, end);
      this.wake = end;
    });
  }

  /** Takes what is due and begins to deliver it; answers how much that was. Rejects where the store cannot be relied on. */
  private claim(): Promise<number> {
    const asking = this.ask();
    const forget = (): boolean => this.asked.delete(asking);
    this.asked.add(asking);
    asking.then(forget, forget);
    return asking;
  }

  private async ask(): Promise<number> {
    const { clock, outbox, freshToken } = this.options;
    const { batch, leaseMs, timeoutMs } = this.settings;
    const at = clock.monotonic();
    // Room for half, so that a sink that is nearly full does not let the others have crumbs only.
    const room = Math.ceil(batch / 2);
    const lines = Array.from(this.lines.values()).filter(
      (line) => line.canTake(room, batch, at) && line.isAble(),
    );
    if (lines.length === 0) return 0;
    const token = freshToken();
    const claimed = await outbox.claimDeliveries({
      sinks: lines.map(({ sink }) => sink.name),
      token,
      leaseMs,
      limit: batch - Math.max(...lines.map(({ underWay }) => underWay)),
    });
    const tookMs = clock.monotonic() - at;
    // It could end after the lease: left to whoever takes it next.
    if (claimed.length > 0 && tookMs + timeoutMs > leaseMs) throw tooLate(claimed.length, tookMs);
    for (const delivery of claimed) this.begin({ delivery, token, until: at + leaseMs });
    return claimed.length;
  }

  private begin(claim: Claim): void {
    const line = this.lines.get(claim.delivery.sink);
    if (!line) return;
    line.underWay += 1;
    const work = this.carry(line, claim).finally(() => {
      this.underWay.delete(work);
      line.underWay -= 1;
      // The account's next event may be waiting for this one.
      this.nudge();
    });
    this.underWay.add(work);
  }

  /** Never rejects: what cannot be told to the store happens again when the lease is over. */
  private async carry(line: SinkLine, { delivery, token, until }: Claim): Promise<void> {
    const settle = await this.deliver(line, delivery, token);
    const { clock, random } = this.options;
    for (;;) {
      try {
        await this.settling.run(settle);
        return;
      } catch {
        if (this.isStopping || clock.monotonic() + SETTLE_PAUSE_MS > until) return;
        await new Promise<void>((resolve) => {
          clock.alarm(SETTLE_PAUSE_MS * (0.5 + random()), resolve);
        });
      }
    }
  }

  private async deliver(line: SinkLine, claimed: ClaimedDelivery, token: string): Promise<Settle> {
    const { outbox, accounts, clock } = this.options;
    const { id, tries, now } = claimed;
    const { id: eventId, event, key, facts } = claimed.event;
    const at = clock.monotonic();
    try {
      // A process that dies of a delivery never comes to bury it.
      if (tries > this.mostTries) throw new DeliveryRefusedError(`It was tried ${tries - 1} times.`);
      const account = namedAccount(facts, accounts);
      const delivery = Object.freeze({ id: eventId, try: tries, event, key, facts, account, now });
      // Asked again: whoever addressed the event may know only the sink's name (`alsoTo`).
      if (isWanted(line.sink, event, facts)) {
        await deliverInTime(line.sink, delivery, clock, this.settings.timeoutMs);
      }
      this.delivered += 1;
      this.tell({ type: 'delivered', ...this.tried(line, claimed, at), ageMs: Math.max(0, now - event.at) });
      return () => outbox.finishDelivery(id, token);
    } catch (error) {
      return this.afterFailure(line, claimed, token, error, at);
    }
  }

  private afterFailure(
    line: SinkLine,
    claimed: ClaimedDelivery,
    token: string,
    error: unknown,
    at: number,
  ): Settle {
    const { outbox, clock, random } = this.options;
    const { id, tries } = claimed;
    const tried = this.tried(line, claimed, at);
    const problem = problemText(error);
    if (error instanceof DeliveryDelayedError) {
      const asked = Number.isFinite(error.retryInMs) ? error.retryInMs : REST_MS.min;
      const retryInMs = Math.round(Math.min(REST_MS.max, Math.max(REST_MS.min, asked)));
      line.rest(clock.monotonic() + retryInMs);
      this.tell({ type: 'delayed', ...tried, error, retryInMs });
      return () => outbox.deferDelivery(id, token, { inMs: retryInMs, problem, keepTries: true });
    }
    if (error instanceof DeliveryRefusedError || tries >= this.mostTries) {
      this.tell({ type: 'dead', ...tried, error });
      return () => outbox.buryDelivery(id, token, problem);
    }
    const inMs = backoffMs(tries, random);
    this.tell({ type: 'failed', ...tried, error, retryInMs: inMs });
    return () => outbox.deferDelivery(id, token, { inMs, problem });
  }

  /** @param at monotonic ms at which it was begun */
  private tried({ sink }: SinkLine, { event: { event } }: ClaimedDelivery, at: number) {
    return { sink: sink.name, event: event.type, tookMs: this.options.clock.monotonic() - at };
  }

  private tell(report: DispatchReport): void {
    try {
      this.options.observe?.(report);
    } catch (error) {
      process.emitWarning(problemText(error), 'LockoutWarning');
    }
  }
}

function tooLate(count: number, tookMs: number): StoreError {
  return new StoreError(
    'timeout',
    `The store took ${Math.round(tookMs)} ms to hand out deliveries (${count}), too long for the lease: they are taken again when it is over.`,
  );
}
