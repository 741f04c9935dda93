import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  Inject,
  Injectable,
  type LoggerService,
  type OnModuleInit,
  type Provider,
  Scope,
} from '@nestjs/common';
import { EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import {
  type Delivery,
  LockoutConfigError,
  type LockoutEvent,
  type LockoutEventOf,
  type LockoutModuleOptions,
  LockoutNotifier,
  type LockoutSink,
  OnLockoutEvent,
  profileLockout,
  StoreError,
  WebhookSink,
} from 'nestjs-lockout';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { Webhook } from 'standardwebhooks';
import { Gate, until } from '../../support/gate.js';
import { type LoginApp, type LoginAppOptions, policy, startLoginApp } from '../../support/login-app.js';
import { LoginController } from '../../support/login-controller.js';
import { WebhookReceiver } from '../../support/webhook-receiver.js';

const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const clock = new FakeClock();
const apps: LoginApp[] = [];
const receivers: WebhookReceiver[] = [];
/** What listeners of the test applications were told. */
let told: string[] = [];

interface Setup {
  readonly lockout?: Partial<LockoutModuleOptions>;
  readonly providers?: readonly Provider[];
  readonly imports?: NonNullable<LoginAppOptions['metadata']['imports']>;
  readonly store?: LockoutModuleOptions['store'];
  readonly prepare?: NonNullable<LoginAppOptions['prepare']>;
}

async function start(setup: Setup = {}): Promise<LoginApp> {
  const { lockout, providers = [], imports = [], store = new MemoryLockoutStore(clock.now), prepare } = setup;
  const app = await startLoginApp({
    makeStore: () => store,
    // Polls never come by themselves, so what is delivered was delivered at once.
    lockout: {
      clock,
      sweepIntervalMs: 0,
      labels: true,
      policies: [policy({ notify: { from: 1 } })],
      ...lockout,
    },
    metadata: { controllers: [LoginController], providers: [...providers], imports },
    ...(prepare && { prepare }),
  });
  apps.push(app);
  return app;
}

async function receiver(): Promise<WebhookReceiver> {
  const started = await WebhookReceiver.start();
  receivers.push(started);
  return started;
}

const guess = (app: LoginApp, username = 'alice') => app.post('/login', { username, password: 'wrong' });
/** A store of an application's own, made for an earlier release. */
const withoutOutbox = (): MemoryLockoutStore =>
  new Proxy(new MemoryLockoutStore(clock.now), {
    get(target, name) {
      const member: unknown = name === 'claimDeliveries' ? undefined : Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
/** Three failures lock. */
async function lock(app: LoginApp, username = 'alice'): Promise<void> {
  for (let n = 0; n < 3; n += 1) await guess(app, username);
}
const notifier = (app: LoginApp): LockoutNotifier => app.app.get(LockoutNotifier);
const states = async (app: LoginApp) => (await notifier(app).outbox?.outboxState()) ?? [];
const sinkOf = (
  name: string,
  does: LockoutSink['deliver'],
  parts: Partial<LockoutSink> = {},
): LockoutSink => ({
  name,
  wants: () => true,
  deliver: does,
  ...parts,
});
const told3 = async () => until(async () => told.length >= 3);
/** Moves the time until what is tried again was told, too. */
const retried = (count: number) =>
  until(async () => {
    await clock.advance(250);
    return told.length >= count;
  });

beforeEach(() => {
  told = [];
});
afterEach(async () => {
  for (const app of apps.splice(0)) {
    const closed = app.close();
    await clock.advance(30_000);
    await closed;
  }
  for (const one of receivers.splice(0)) await one.close();
});

describe('listeners', () => {
  @Injectable()
  class Listeners {
    readonly who = 'listeners';

    @OnLockoutEvent('locked')
    locked(event: LockoutEventOf<'locked'>, { id, facts }: Delivery): void {
      told.push(`${this.who}: ${event.type} after ${event.failures}, ${facts.accountLabel}, ${id.length}`);
    }

    @OnLockoutEvent('failed', 'unlocked')
    async others(event: LockoutEventOf<'failed' | 'unlocked'>): Promise<void> {
      told.push(event.type);
    }
  }

  test('are told of the events that they name, once each, in order, without waiting for a poll', async () => {
    const app = await start({ providers: [Listeners] });
    await lock(app);
    expect((await guess(app)).status).toBe(429);
    await told3();
    await app.engine.unlock({ account: '1' }, { by: 'bob', reason: 'called' });
    await until(async () => told.length >= 4);
    expect(told).toEqual(['failed', 'failed', 'listeners: locked after 3, 1, 32', 'unlocked']);
  });

  test('that name no type are told of every event', async () => {
    @Injectable()
    class Everything {
      @OnLockoutEvent()
      any(event: LockoutEvent): void {
        told.push(event.type);
      }
    }
    await lock(await start({ providers: [Everything] }));
    await told3();
    expect(told).toEqual(['failed', 'failed', 'locked']);
  });

  test('of a sink of their own are not called again because another one fails', async () => {
    @Injectable()
    class Apart {
      @OnLockoutEvent('locked')
      failing(): void {
        told.push('failing');
        throw new Error('not now');
      }

      @OnLockoutEvent('locked')
      together(): void {
        told.push('together');
      }

      @OnLockoutEvent('locked', { sink: 'crm' })
      apart(): void {
        told.push('apart');
      }
    }
    const app = await start({ providers: [Apart] });
    await lock(app);
    await told3();
    await retried(5);
    expect(told.toSorted()).toEqual(['apart', 'failing', 'failing', 'together', 'together']);
  });

  test('where nobody is called are an error at start: in a controller, or made for each request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Scoped {
      @OnLockoutEvent('locked')
      locked(): void {}
    }
    await expect(start({ providers: [Scoped] })).rejects.toThrow('LCK021 (Scoped)');
  });

  test('stand on methods whose parameter fits their types', () => {
    class Typed {
      // @ts-expect-error An unlocked event is none of those that are asked for.
      @OnLockoutEvent('locked')
      wrong(_event: LockoutEventOf<'unlocked'>): void {}

      @OnLockoutEvent('locked', 'unlocked')
      right(_event: LockoutEventOf<'locked' | 'unlocked'>, _delivery: Delivery): void {}
    }
    expect(new Typed()).toBeDefined();
  });
});

describe('the event emitter', () => {
  @Injectable()
  class EmitterListener {
    @OnEvent('lockout.locked', { suppressErrors: false })
    locked(event: LockoutEventOf<'locked'>, { facts }: Delivery): void {
      told.push(`${event.type} ${facts.accountLabel}`);
      if (told.length === 1) throw new Error('not now');
    }
  }

  test.each([false, true])(
    'passes on what its listeners listen to, again if they throw (wildcard: %s)',
    async (wildcard) => {
      const app = await start({
        providers: [EmitterListener],
        imports: [EventEmitterModule.forRoot({ wildcard })],
      });
      await lock(app);
      await until(async () => told.length === 1);
      await retried(2);
      expect(told).toEqual(['locked 1', 'locked 1']);
      expect(await states(app)).toEqual([]);
    },
  );

  test('does not keep an application from starting whose store keeps no deliveries', async () => {
    const store = withoutOutbox();
    const app = await start({ store, imports: [EventEmitterModule.forRoot()], providers: [EmitterListener] });
    await lock(app);
    expect((await guess(app)).status).toBe(429);
    expect(notifier(app).outbox).toBeNull();
  });

  test('leaves events to the process whose listeners they are for', async () => {
    const store = new MemoryLockoutStore(clock.now);
    const listens = await start({
      store,
      imports: [EventEmitterModule.forRoot()],
      providers: [EmitterListener],
      lockout: { delivery: { dispatch: false } },
    });
    await lock(listens);
    const other = await start({ store, imports: [EventEmitterModule.forRoot()] });
    expect(await notifier(other).runOnce()).toBe(0);
    expect(await states(listens)).toMatchObject([{ sink: 'event-emitter', waiting: 1 }]);
  });

  test('that nobody listens at for such events costs nothing', async () => {
    const app = await start({
      imports: [EventEmitterModule.forRoot()],
      providers: [EmitterListener],
      lockout: { delivery: { dispatch: false } },
    });
    await guess(app);
    await guess(app);
    expect(await states(app)).toEqual([]);
    await guess(app);
    expect(await states(app)).toMatchObject([{ sink: 'event-emitter', waiting: 1 }]);
  });
});

describe('webhooks', () => {
  test('arrive signed, once for each event, and no sign-in waits for them', async () => {
    const endpoint = await receiver();
    endpoint.answer = () => null;
    const app = await start({
      lockout: { sinks: [new WebhookSink({ url: endpoint.url, secret: WEBHOOK_SECRET })] },
    });
    await lock(app);
    await lock(app, 'bob');
    await until(async () => endpoint.requests.length === 2);
    // Nobody was answered, and everybody could try.
    expect((await guess(app)).status).toBe(429);
    endpoint.answer = () => ({ status: 204 });
    await clock.advance(12_000);
    await until(async () => {
      await clock.advance(1_000);
      return (await states(app)).length === 0;
    });
    const ids = endpoint.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(6);
    expect(ids).toHaveLength(8);
    for (const { text, headers } of endpoint.requests) {
      const sent = new Date(Number(headers['webhook-timestamp']) * 1_000);
      expect(headers['webhook-signature']).toBe(
        new Webhook(WEBHOOK_SECRET).sign(String(headers['webhook-id']), sent, text),
      );
    }
  });

  test('that nobody receives any more are dead letters, which an operator sees', async () => {
    const endpoint = await receiver();
    endpoint.answer = () => ({ status: 410 });
    const sink = new WebhookSink({ url: endpoint.url, secret: WEBHOOK_SECRET, map: profileLockout() });
    const app = await start({ lockout: { sinks: [sink] } });
    await lock(app);
    await until(async () => (await states(app))[0]?.dead === 1);
    expect(endpoint.requests.map(({ body }) => body)).toEqual([
      expect.objectContaining({ type: 'profile_lockout', profile: '1' }),
    ]);
    const dead = await notifier(app).outbox?.deliveries({ state: 'dead', limit: 10 });
    expect(dead?.items).toMatchObject([{ sink: 'webhook', event: { event: { type: 'locked' } } }]);
  });

  test('never pass a name that no account has for the account whose id reads the same', async () => {
    const [profiles, all] = [await receiver(), await receiver()];
    const app = await start({
      lockout: {
        sinks: [
          new WebhookSink({ url: profiles.url, secret: WEBHOOK_SECRET, map: profileLockout() }),
          new WebhookSink({ name: 'all', url: all.url, secret: WEBHOOK_SECRET, types: ['locked'] }),
        ],
      },
    });
    // Alice's account has the id 1; nobody is called so.
    await lock(app, '1');
    expect((await guess(app, '1')).status).toBe(429);
    expect((await guess(app, 'alice')).status).toBe(401);
    await until(async () => (await states(app)).length === 0);
    expect(profiles.requests).toEqual([]);
    expect(all.requests.map(({ body }) => body['data'])).toEqual([
      expect.objectContaining({ account: null, unknown: '1' }),
    ]);
    await lock(app, 'alice');
    await until(async () => (await states(app)).length === 0);
    expect(profiles.requests.map(({ body }) => body['profile'])).toEqual(['1']);
    expect(all.requests.map(({ body }) => body['data']).at(-1)).toMatchObject({
      account: '1',
      unknown: null,
    });
  });

  test('wait while the endpoint is away, and come in order when it is back', async () => {
    const endpoint = await receiver();
    const { url } = endpoint;
    endpoint.answer = () => ({ status: 503, headers: { 'retry-after': '300' } });
    const app = await start({ lockout: { sinks: [new WebhookSink({ url, secret: WEBHOOK_SECRET })] } });
    await guess(app);
    await until(async () => endpoint.requests.length === 1);
    await until(async () => (await states(app))[0]?.waiting === 1);
    await guess(app);
    await guess(app);
    endpoint.answer = () => ({ status: 204 });
    await clock.advance(290_000);
    expect(endpoint.requests).toHaveLength(1);
    await until(async () => {
      await clock.advance(1_000);
      return (await states(app)).length === 0;
    });
    const types = endpoint.requests.map(({ body }) => body['type']);
    expect(types).toEqual(['lockout.failed', 'lockout.failed', 'lockout.failed', 'lockout.locked']);
  });
});

describe('processes of different kinds', () => {
  test('one that does not dispatch writes down what another one delivers, also for sinks that it has not', async () => {
    const store = new MemoryLockoutStore(clock.now);
    const note = (name: string) => sinkOf(name, async ({ event }) => void told.push(`${name} ${event.type}`));
    const web = await start({
      store,
      lockout: { sinks: [note('crm')], delivery: { dispatch: false, alsoTo: ['pager'] } },
    });
    await lock(web);
    await clock.advance(10_000);
    expect(told).toEqual([]);
    expect((await states(web)).map(({ sink, waiting }) => [sink, waiting])).toEqual([
      ['crm', 3],
      ['pager', 3],
    ]);
    const pager = { ...note('pager'), wants: ({ type }: LockoutEvent) => type === 'locked' };
    const worker = await start({ store, lockout: { sinks: [note('crm'), pager] } });
    await until(async () => (await states(worker)).length === 0);
    expect(told.toSorted()).toEqual(['crm failed', 'crm failed', 'crm locked', 'pager locked']);
  });

  test('what waits for a sink that nobody has stays, until the sink is retired: then it is dead letters', async () => {
    const store = new MemoryLockoutStore(clock.now);
    const before = await start({ store, lockout: { delivery: { alsoTo: ['old'] } } });
    await lock(before);
    const after = await start({ store, lockout: { sinks: [sinkOf('new', async () => {})] } });
    await clock.advance(10_000);
    expect(await states(after)).toMatchObject([{ sink: 'old', waiting: 3, dead: 0 }]);
    const retiring = await start({ store, lockout: { delivery: { retired: ['old'] } } });
    await until(async () => (await states(retiring))[0]?.dead === 3);
    const dead = await notifier(retiring).outbox?.deliveries({ state: 'dead', limit: 10 });
    expect(dead?.items[0]?.problem).toBe('The sink "old" is retired.');
  });
});

describe('modules that bring a sink', () => {
  @Injectable()
  class Bringing implements OnModuleInit {
    constructor(@Inject(LockoutNotifier) private readonly notifier: LockoutNotifier) {}

    onModuleInit(): void {
      this.notifier.add(sinkOf('brought', async ({ event }) => void told.push(event.type)));
    }
  }

  test('add it before the application has started', async () => {
    const app = await start({ providers: [Bringing] });
    await lock(app);
    await told3();
    expect(told).toEqual(['failed', 'failed', 'locked']);
  });

  test('and not later', async () => {
    const app = await start();
    expect(() => notifier(app).add(sinkOf('late', async () => {}))).toThrow(
      'until the application has started',
    );
  });

  test('and none that is retired: what it is given would be dead letters', async () => {
    const retiring = start({ providers: [Bringing], lockout: { delivery: { retired: ['brought'] } } });
    await expect(retiring).rejects.toThrow('LCK020 (brought): It is retired, and there is one.');
  });

  test('and none that is there already', async () => {
    const there = sinkOf('brought', async () => {});
    await expect(start({ providers: [Bringing], lockout: { sinks: [there] } })).rejects.toThrow(
      'LCK020 (brought): Two sinks have this name.',
    );
  });
});

describe('start-up', () => {
  const quiet = async () => {};
  const problemsOf = async (
    lockout: Partial<LockoutModuleOptions>,
    store?: LockoutModuleOptions['store'],
  ) => {
    const error: unknown = await start({ lockout, ...(store && { store }) }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(LockoutConfigError);
    return (error as LockoutConfigError).problems;
  };

  test.each<[string, Partial<LockoutModuleOptions>, string]>([
    [
      'a name that cannot be stored',
      { sinks: [sinkOf('Big Name', quiet)] },
      'LCK020 (Big Name): This cannot be the name',
    ],
    [
      'two of one name',
      { sinks: [sinkOf('a', quiet), sinkOf('a', quiet)] },
      'LCK020 (a): Two sinks have this name',
    ],
    ['what is no sink', { sinks: [{ name: 'a' } as LockoutSink] }, 'LCK020 (a): It is no sink'],
    [
      'a sink that needs names, where none are kept',
      { labels: false, sinks: [sinkOf('a', quiet, { needsLabels: true })] },
      'LCK020 (a): This sink needs the plain account',
    ],
    ['a pause that cannot be', { delivery: { pollMs: 1 } }, 'LCK001 (delivery): pollMs must be'],
    [
      'a lease without room for the delivery and the claim before it',
      { delivery: { leaseMs: 30_001, timeoutMs: 30_000 } },
      'LCK001 (delivery): leaseMs (30001) must be at least 35000',
    ],
    ['a name of another process', { delivery: { alsoTo: [''] } }, 'LCK020 (): This cannot be the name'],
    [
      'a retired sink that is there',
      { sinks: [sinkOf('a', quiet)], delivery: { retired: ['a'] } },
      'LCK020 (a): It is retired, and there is one',
    ],
  ])('refuses %s', async (_what, lockout, problem) => {
    expect(await problemsOf(lockout)).toEqual([expect.stringContaining(problem)]);
  });

  test('refuses a sink on a store that keeps no deliveries', async () => {
    expect(await problemsOf({ sinks: [sinkOf('a', quiet)] }, withoutOutbox())).toEqual([
      expect.stringContaining('LCK020 (a): The store keeps no deliveries'),
    ]);
  });
});

describe('the end', () => {
  /** An application that delivers to a sink behind a gate. */
  const startDelivering = async (): Promise<{ readonly app: LoginApp; readonly gate: Gate }> => {
    const gate = new Gate();
    const app = await start({ lockout: { sinks: [sinkOf('slow', () => gate.pass())] } });
    apps.length = 0;
    await guess(app);
    await gate.reached(1);
    return { app, gate };
  };

  test('waits for what is under way, within its time', async () => {
    const { app, gate } = await startDelivering();
    let isClosed = false;
    const closed = app.close().then(() => {
      isClosed = true;
    });
    await clock.advance(9_000);
    expect(isClosed).toBe(false);
    gate.open();
    await closed;
    expect(isClosed).toBe(true);
  });

  test('does not wait for a sink that hangs longer than its time-out', async () => {
    const { app, gate } = await startDelivering();
    const closed = app.close();
    await clock.advance(10_000);
    await closed;
    gate.open();
  });
});

/** As a proxy that was given up, and an error of a library that tells why only while it can. */
function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
function withHostileCause(): unknown {
  const cause = {
    get code(): string {
      throw new Error('no code');
    },
  };
  return new Error('not now', { cause });
}

describe('trouble', () => {
  let lines: string[] = [];
  const logger: LoggerService = {
    log: (line: unknown) => void lines.push(`log ${String(line)}`),
    warn: (line: unknown) => void lines.push(`warn ${String(line)}`),
    error: (line: unknown) => void lines.push(`error ${String(line)}`),
  };
  const prepare: Setup['prepare'] = (app) => app.useLogger(logger);
  const linesAbout = (what: string): string[] => lines.filter((line) => line.includes(what));
  beforeEach(() => {
    lines = [];
  });

  test('of the store is one line when it begins and one when it ends, and no sign-in hears of it', async () => {
    const memory = new MemoryLockoutStore(clock.now);
    let isDown = false;
    const store = new Proxy(memory, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (name === 'claimDeliveries' && isDown) {
          return () => Promise.reject(new StoreError('data', 'no such table'));
        }
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    const app = await start({
      store,
      prepare,
      lockout: { sinks: [sinkOf('crm', async ({ event }) => void told.push(event.type))] },
    });
    isDown = true;
    await lock(app);
    await until(async () => linesAbout('no such table').length > 0);
    for (let n = 0; n < 60; n += 1) await clock.advance(1_000);
    expect(linesAbout('no such table')).toEqual([
      'warn The deliveries that wait could not be asked for, and will be: no such table',
    ]);
    isDown = false;
    await until(async () => {
      await clock.advance(1_000);
      return told.length === 3;
    });
    expect(linesAbout('delivered again')).toEqual(['log Events can be delivered again.']);
  });

  test.each([
    ['what nobody can read', revoked, 'Error'],
    ['what has a cause that cannot be read', withHostileCause, 'object'],
  ])('of a sink is told like any other where it throws %s, and others go on', async (_what, thrown, kind) => {
    const sinks = [
      sinkOf('crm', () => Promise.reject(thrown())),
      sinkOf('shy', async () => {}, {
        canDeliver: () => {
          throw new Error('not ready');
        },
      }),
      sinkOf('pager', async ({ event }) => void told.push(event.type)),
    ];
    await guess(await start({ prepare, lockout: { sinks } }));
    await until(async () => told.length > 0 && linesAbout('crm').length > 0);
    expect(told).toEqual(['failed']);
    expect(lines.filter((line) => /crm|shy|asked for/.test(line))).toEqual([
      `warn Deliveries to the sink "crm" failed (${kind}) and will be tried again. Why is kept with each.`,
    ]);
  });

  test('of a sink is a line a minute, which names nobody', async () => {
    const app = await start({
      prepare,
      lockout: {
        sinks: [
          sinkOf('crm', () =>
            Promise.reject(Object.assign(new Error('no mailbox: alice'), { code: 'EENVELOPE' })),
          ),
        ],
      },
    });
    await guess(app, 'alice');
    await guess(app, 'bob');
    await until(
      async () =>
        (await notifier(app).outbox?.deliveries({ state: 'waiting', limit: 9 }))?.items[1]?.problem != null,
    );
    expect(linesAbout('crm')).toEqual([
      'warn Deliveries to the sink "crm" failed (Error EENVELOPE) and will be tried again. Why is kept with each.',
    ]);
    // Pauses between tries grow, and are drawn: the first try after the minute tells.
    let seconds = 0;
    for (; seconds < 600 && linesAbout('crm').length < 2; seconds += 1) await clock.advance(1_000);
    expect(linesAbout('crm')).toHaveLength(2);
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(linesAbout('crm')[1]).toMatch(/; \d+ since the last line/);
    expect(linesAbout('alice')).toEqual([]);
  });
});
