import { LockoutEngine } from 'nestjs-lockout';
import { Users } from '../../../apps/demo/src/users/users.js';
import { AdminConsole, type Administrator } from './admin-console.js';
import { DemoServer } from './demo-server.js';
import type { Realm, Visitor } from './visitor.js';

export interface StageOptions {
  /** `LOCKOUT_PRESET`; default: as the app itself chooses. Ignored where there are `policies`. */
  readonly preset?: string;
  /** `LOCKOUT_POLICIES`: policy inputs. */
  readonly policies?: readonly object[];
  /** Whatever else is set from outside. */
  readonly environment?: NodeJS.ProcessEnv;
  /** What time it is at first, epoch ms; default: noon of a day in 2026. For pages that count down: `Date.now()`. */
  readonly now?: number;
  /** The time goes on by itself, and cannot be moved. */
  readonly systemTime?: boolean;
}

/** Who is guessed at, and from where. */
export interface Target {
  /** Somebody's username, or a name that nobody has. */
  readonly username: string;
  /** Default `default`. */
  readonly realm?: Realm;
  /** Where the guesses come from, IPv4 or IPv6; default: this machine. */
  readonly address?: string;
}

/** What Playwright's `context.addCookies` takes. */
export interface BrowserCookie {
  readonly name: string;
  readonly value: string;
  readonly url: string;
}

/** More guesses than any policy here lets through before it locks. */
const PATIENCE = 1_000;

/** A cookie's value as a browser stores it is what the server sent: it stays encoded. */
const cookiesOf = ({ cookies, url }: Visitor): readonly BrowserCookie[] =>
  Array.from(cookies, ([name, value]) => ({ name, value, url }));

/**
 * The sample app set up for a scene: policies chosen, time in the test's hands, administrators signed in, accounts and
 * addresses locked. One at a time in a process, as {@link DemoServer}.
 *
 * ```ts
 * const stage = await DemoStage.open({ preset: 'outsystems' });
 * await context.addCookies(await stage.signedIn('it-admin'));
 * await stage.lock([{ username: 'bob', address: '192.0.2.1' }, { realm: 'it', username: 'alice' }]);
 * stage.advance(60_000);
 * await stage.close();
 * ```
 */
export class DemoStage {
  private constructor(readonly server: DemoServer) {}

  static async open(options: StageOptions = {}): Promise<DemoStage> {
    const { preset, policies, environment, now, systemTime } = options;
    const server = await DemoServer.start({
      environment: {
        ...(preset && { LOCKOUT_PRESET: preset }),
        ...(policies && { LOCKOUT_POLICIES: JSON.stringify(policies) }),
        ...environment,
      },
      ...(now !== undefined && { now }),
      ...(systemTime !== undefined && { systemTime }),
    });
    return new DemoStage(server);
  }

  /** Where the app listens, without a slash at the end. */
  get url(): string {
    return this.server.url;
  }

  /** What time it is for the app and its store, epoch ms; stands still until it is moved. */
  get now(): number {
    return this.server.now;
  }

  /** Moves the time on. Locks that end meanwhile are recorded as expired by {@link sweep}. */
  advance(ms: number): void {
    this.server.advance(ms);
  }

  /** Does now what the app does every ten seconds: records locks that have ended, removes what has faded. */
  async sweep(): Promise<void> {
    await this.engine.sweeper.sweep();
  }

  /** An administrator who calls the API. */
  administrator(who: Administrator = 'admin'): Promise<AdminConsole> {
    return AdminConsole.open(this.server, who);
  }

  /** The cookies with which a browser is signed in as this administrator. */
  async signedIn(who: Administrator = 'admin'): Promise<readonly BrowserCookie[]> {
    return cookiesOf((await this.administrator(who)).visitor);
  }

  /**
   * So many wrong passwords for each, one after the other, over HTTP: slow, as each that is verified is hashed. Answers
   * the statuses by target.
   */
  async guess(targets: readonly Target[], count: number): Promise<readonly (readonly number[])[]> {
    return Promise.all(
      targets.map(async ({ realm, username, address }) => {
        const statuses: number[] = [];
        for (let n = 0; n < count; n += 1) {
          const { status } = await this.server.visitor(address).login(username, `wrong ${n}`, realm);
          statuses.push(status);
        }
        return statuses;
      }),
    );
  }

  /**
   * So many failed attempts of each, through the engine: counted, locked and recorded as over HTTP, without the hashing.
   * Answers how many were verified, by target; the others were refused.
   */
  async fail(targets: readonly Target[], count: number, method = 'password'): Promise<readonly number[]> {
    const verified: number[] = [];
    for (const target of targets) {
      let failures = 0;
      for (let n = 0; n < count && (await this.failOnce(target, method)); n += 1) failures += 1;
      verified.push(failures);
    }
    return verified;
  }

  /** As {@link fail}, until the next attempt of each would be refused. Throws where the policies lock nobody. */
  async lock(targets: readonly Target[], method = 'password'): Promise<void> {
    const verified = await this.fail(targets, PATIENCE, method);
    const never = targets.filter((_, n) => (verified[n] ?? 0) >= PATIENCE);
    if (never.length > 0)
      throw new Error(`Nothing locks ${never.map(({ username }) => username).join(', ')}.`);
  }

  /**
   * Blocks the addresses themselves, by failures of names that nobody has, one each, so that no account is locked.
   * Throws where no policy counts by address alone.
   */
  async lockAddresses(addresses: readonly string[], realm: Realm = 'default'): Promise<void> {
    for (const address of addresses) {
      let n = 0;
      while (await this.failOnce({ realm, username: `nobody${n} at ${address}`, address }, 'password')) {
        n += 1;
        if (n >= PATIENCE) throw new Error(`Nothing blocks ${address}.`);
      }
    }
  }

  /** Locks an account by hand, until then (epoch ms) or until an administrator unlocks it (null). */
  async lockByHand({ realm = 'default', username }: Target, until: number | null = null): Promise<void> {
    const actor = { by: 'admin', reason: 'locked for a test' };
    await this.engine.accounts.lock({ realm, account: await this.accountOf(realm, username) }, until, actor);
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private get engine(): LockoutEngine {
    return this.server.app.get(LockoutEngine);
  }

  /** Whether it was verified. */
  private async failOnce({ realm = 'default', username, address }: Target, method: string): Promise<boolean> {
    const account = await this.accountOf(realm, username);
    const begun = await this.engine.begin({ realm, account, method, address: address ?? '127.0.0.1' });
    if (begun.allowed) await begun.attempt.fail();
    return begun.allowed;
  }

  private async accountOf(realm: Realm, username: string): Promise<string | { readonly unknown: string }> {
    const user = await this.server.app.get(Users, { strict: false }).find({ realm, username });
    return user?.username ?? { unknown: username };
  }
}
