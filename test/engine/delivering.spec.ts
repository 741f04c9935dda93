import { describe, expect, it } from '@jest/globals';
import { DeliveryDelayedError, DeliveryRefusedError, LockoutEngine, sinksThatWant } from 'nestjs-lockout';
import { FakeClock } from 'nestjs-lockout/testing';
import { Gate, turns } from '../support/gate.js';
import { policy, SECRET } from './bench.js';
import { PostedEngine, TestSink } from './post.js';

const NEVER = new Promise<void>(() => {});

/** An object that nobody can look at any more. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** An error that throws when this is read of it. */
function throwing(part: string): Error {
  return Object.defineProperty(new DeliveryDelayedError('closed', 5), part, {
    get: () => {
      throw new Error('not now');
    },
  });
}

describe('what is delivered', () => {
  it('is every event once, under the id that it has in the record', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await post.fail('alice');
    await post.engine.unlock({ account: 'alice' }, { by: 'bob', reason: 'called' });
    expect(await post.dispatcher().runOnce()).toBe(3);
    expect(sink.types).toEqual(['failed', 'locked', 'unlocked']);
    expect(sink.ids).toEqual(await post.recorded());
    expect(new Set(sink.ids).size).toBe(3);
    expect(sink.given[1]).toMatchObject({
      try: 1,
      event: { type: 'locked', failures: 2 },
      facts: { realm: 'default', counter: 'account' },
      now: post.clock.now(),
    });
    expect(await post.waiting()).toBe(0);
    expect(await post.dispatcher().runOnce()).toBe(0);
  });

  it('says whose it is: an account is never a name that nobody has and that reads like its id', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink], { labels: true });
    // An id may hold what nobody's name may: a joiner that is not seen.
    for (const account of ['42', { unknown: '42' }, { unknown: 'Alice@Example.com' }, 'a\u200db'])
      await post.engine.lock({ account }, null, { by: 'bob', reason: 'test' });
    await post.dispatcher().runOnce();
    expect(sink.given.map(({ facts, account }) => [facts.accountLabel, account])).toEqual(
      expect.arrayContaining([
        ['42', '42'],
        ['42', { unknown: '42' }],
        ['alice@example.com', { unknown: 'alice@example.com' }],
        ['a\u200db', 'a\u200db'],
      ]),
    );
    expect(sink.given).toHaveLength(4);
  });

  it('says whose it is, while secrets are rotated too, and nobody where no name is kept', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink], { labels: true });
    await post.fail('42');
    const later = (...secrets: string[]) =>
      new LockoutEngine({
        store: post.store,
        clock: post.clock,
        policies: [policy()],
        labels: true,
        secrets,
      });
    const next = 'another secret of at least thirty-two bytes';
    await post.dispatcher({ accounts: later(next, SECRET).accounts }).runOnce();
    await post.fail('a\u200db');
    await post.dispatcher({ accounts: later(next).accounts }).runOnce();

    const nameless = new PostedEngine([sink]);
    await nameless.fail('42');
    await nameless.dispatcher().runOnce();
    expect(sink.given.map(({ account }) => account)).toEqual(['42', null, null]);
  });

  it('is nothing of a refusal, and nothing that no sink wants', async () => {
    const sink = new TestSink('crm');
    sink.wants = ({ type }) => type === 'locked';
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await post.fail('alice');
    for (let n = 0; n < 5; n += 1)
      expect((await post.engine.begin({ account: 'alice', method: 'password' })).allowed).toBe(false);
    expect(await post.waiting()).toBe(1);
    await post.dispatcher().runOnce();
    expect(sink.types).toEqual(['locked']);
  });

  it('goes to every sink that wants it, each in its own time', async () => {
    const [fast, slow] = [new TestSink('fast'), new TestSink('slow')];
    const gate = new Gate();
    slow.does = () => gate.pass();
    const post = new PostedEngine([fast, slow]);
    await post.fail('alice');
    await post.fail('alice');
    const run = post.dispatcher().runOnce();
    await gate.reached(1);
    await turns(3);
    expect(slow.types).toEqual(['failed']);
    gate.open();
    await run;
    expect(fast.types).toEqual(['failed', 'locked']);
    expect(slow.types).toEqual(['failed', 'locked']);
    expect(fast.ids).toEqual(slow.ids);
  });

  it('is left out where the sink no longer wants it: whoever wrote it down knew only the name', async () => {
    const sink = new TestSink('crm');
    sink.wants = ({ type }) => type === 'locked';
    const post = new PostedEngine([sink], { deliverTo: () => ['crm'] });
    await post.fail('alice');
    await post.fail('alice');
    expect(await post.waiting()).toBe(2);
    await post.dispatcher().runOnce();
    expect(sink.types).toEqual(['locked']);
    expect(await post.waiting()).toBe(0);
  });

  it('is delivered, not lost, where a sink cannot say whether it wants it', async () => {
    const sink = new TestSink('crm');
    sink.wants = () => {
      throw new Error('no idea');
    };
    const post = new PostedEngine([sink], { deliverTo: () => ['crm'] });
    await post.fail('alice');
    await post.dispatcher().runOnce();
    expect(sink.types).toEqual(['failed']);
  });
});

describe('sinks that want an event', () => {
  it('all get it, also where one of them cannot say whether it does', async () => {
    const [good, bad, other] = [new TestSink('good'), new TestSink('bad'), new TestSink('other')];
    bad.wants = () => {
      throw new Error('no idea');
    };
    other.wants = ({ type }) => type === 'locked';
    const sinks = [bad, good, other];
    const post = new PostedEngine(sinks, { deliverTo: sinksThatWant(sinks) });
    await post.fail('alice');
    await post.fail('alice');
    expect(await post.dispatcher().runOnce()).toBe(5);
    expect(good.types).toEqual(['failed', 'locked']);
    expect(bad.types).toEqual(['failed', 'locked']);
    expect(other.types).toEqual(['locked']);
  });
});

describe('the order', () => {
  it('is kept for one account, and nobody waits for another one', async () => {
    const sink = new TestSink('crm');
    const gate = new Gate();
    sink.does = () => gate.pass();
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await post.fail('alice');
    await post.fail('bob');
    const run = post.dispatcher().runOnce();
    await gate.reached(2);
    await turns(3);
    expect(sink.types).toEqual(['failed', 'failed']);
    gate.open();
    await run;
    expect(sink.types).toEqual(['failed', 'failed', 'locked']);
  });

  it('waits for what is tried again', async () => {
    const sink = new TestSink('crm');
    sink.does = (delivery) => {
      if (delivery.try === 1 && delivery.event.type === 'failed') throw new Error('not now');
    };
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await post.fail('alice');
    const dispatcher = post.dispatcher();
    await dispatcher.runOnce();
    expect(sink.types).toEqual(['failed']);
    await post.clock.advance(1_000);
    await dispatcher.runOnce();
    expect(sink.types).toEqual(['failed', 'failed', 'locked']);
    expect(sink.ids[1]).toBe(sink.ids[0]);
  });

  it('has no more under way at once than the batch says', async () => {
    const sink = new TestSink('crm');
    sink.does = () => turns(3);
    const post = new PostedEngine([sink]);
    for (let n = 0; n < 20; n += 1) await post.fail(`account ${n}`);
    expect(await post.dispatcher({ batch: 4 }).runOnce()).toBe(20);
    expect(sink.mostUnderWay).toBe(4);
  });
});

describe('the store', () => {
  it('is told of few outcomes at once, however many there are: sign-ins need its connections', async () => {
    const post = new PostedEngine([new TestSink('crm'), new TestSink('pager'), new TestSink('mail')]);
    for (let n = 0; n < 20; n += 1) await post.fail(`account ${n}`);
    const { store } = post;
    const finish = store.finishDelivery.bind(store);
    const settled = { now: 0, most: 0 };
    store.finishDelivery = async (...of) => {
      settled.now += 1;
      settled.most = Math.max(settled.most, settled.now);
      await turns(3);
      settled.now -= 1;
      return finish(...of);
    };
    expect(await post.dispatcher().runOnce()).toBe(60);
    expect(await post.waiting()).toBe(0);
    expect(settled.most).toBe(4);
  });
});

describe('a sink that fails', () => {
  it('is tried again after a pause that doubles, with the same id', async () => {
    const sink = new TestSink('crm');
    sink.does = (delivery) => {
      if (delivery.try < 4) throw new Error('not now');
    };
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    const dispatcher = post.dispatcher();
    await dispatcher.runOnce();
    for (const pauseMs of [1_000, 2_000, 4_000]) {
      const before = sink.given.length;
      await post.clock.advance(pauseMs - 1);
      await dispatcher.runOnce();
      expect(sink.given).toHaveLength(before);
      await post.clock.advance(1);
      await dispatcher.runOnce();
      expect(sink.given).toHaveLength(before + 1);
    }
    expect(sink.given.map((delivery) => delivery.try)).toEqual([1, 2, 3, 4]);
    expect(new Set(sink.ids).size).toBe(1);
    expect(await post.waiting()).toBe(0);
    expect(post.reports.map(({ type }) => type)).toEqual(['failed', 'failed', 'failed', 'delivered']);
  });

  it('keeps why with the delivery', async () => {
    const sink = new TestSink('crm');
    sink.does = () => {
      throw new Error('out of paper');
    };
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await post.dispatcher().runOnce();
    const { items } = await post.outbox.deliveries({ state: 'waiting', limit: 10 });
    expect(items).toMatchObject([{ sink: 'crm', tries: 1, problem: 'Error: out of paper' }]);
  });

  it.each<[string, () => unknown]>([
    ['with a message that is no text', () => Object.assign(new Error(), { message: Object.create(null) })],
    ['with a name that is no text', () => ({ name: Object.create(null), message: 'x' })],
    ['with a name that throws', () => throwing('name')],
    ['that was revoked', revoked],
    ['that says it is away, and throws when it is asked how long', () => throwing('retryInMs')],
  ])('is tried again as any other where it throws what cannot be read: %s', async (_what, thrown) => {
    const sink = new TestSink('crm');
    sink.does = (delivery) => {
      if (delivery.try === 1) throw thrown();
    };
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    const dispatcher = post.dispatcher();
    expect(await dispatcher.runOnce()).toBe(0);
    const { items } = await post.outbox.deliveries({ state: 'waiting', limit: 10 });
    expect(items).toMatchObject([{ tries: 1, problem: 'Error: What was thrown cannot be read.' }]);
    await post.clock.advance(1_000);
    expect(await dispatcher.runOnce()).toBe(1);
    expect(post.reports.map(({ type }) => type)).toEqual(['failed', 'delivered']);
  });

  it('does not stop another, however it fails', async () => {
    const failing = {
      'throws at once': () => {
        throw new Error('at once');
      },
      rejects: () => Promise.reject(new Error('later')),
      'throws no error': () => Promise.reject('a text'),
      hangs: () => NEVER,
    };
    const good = new TestSink('good');
    const bad = Object.entries(failing).map(([name, does]) => {
      const sink = new TestSink(name.replaceAll(' ', '-'));
      sink.does = does;
      return sink;
    });
    const post = new PostedEngine([...bad, good]);
    const dispatcher = post.dispatcher();
    dispatcher.start();
    await post.fail('alice');
    await post.fail('alice');
    dispatcher.nudge();
    await turns(10);
    expect(good.types).toEqual(['failed', 'locked']);
    for (const sink of bad) expect(sink.types).toEqual(['failed']);
    const stopped = dispatcher.stop();
    await post.clock.advance(10_000);
    await stopped;
    expect(post.reports.filter(({ type }) => type === 'failed')).toHaveLength(4);
  });

  it('is done when it ends, also where it promises nothing', async () => {
    const plain = { name: 'plain', wants: () => true, deliver: () => undefined as unknown as Promise<void> };
    const post = new PostedEngine([plain]);
    await post.fail('alice');
    expect(await post.dispatcher().runOnce()).toBe(1);
    expect(await post.waiting()).toBe(0);
  });

  it('is told to stop when its time is up, and what it does later is not heard', async () => {
    const sink = new TestSink('crm');
    const gate = new Gate();
    sink.does = async () => {
      await gate.pass();
      throw new Error('much later');
    };
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    const run = post.dispatcher({ timeoutMs: 500 }).runOnce();
    await gate.reached(1);
    await post.clock.advance(499);
    expect(sink.signals[0]?.aborted).toBe(false);
    await post.clock.advance(1);
    await run;
    expect(sink.signals[0]?.aborted).toBe(true);
    const { items } = await post.outbox.deliveries({ state: 'waiting', limit: 10 });
    expect(items[0]?.problem).toBe('The sink "crm" did not end within 500 ms.');
    gate.open();
    await turns(3);
    expect(await post.waiting()).toBe(1);
  });

  it('leaves dead letters in the end, and its lane goes on', async () => {
    const sink = new TestSink('crm');
    sink.does = ({ event }) => {
      if (event.type === 'failed') throw new Error('never');
    };
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await post.fail('alice');
    // Pauses of 1, 2 and 4 s are within it.
    const dispatcher = post.dispatcher({ giveUpAfterMs: 7_000 });
    for (const pauseMs of [0, 1_000, 2_000, 4_000]) {
      await post.clock.advance(pauseMs);
      await dispatcher.runOnce();
    }
    expect(sink.types).toEqual(['failed', 'failed', 'failed', 'failed', 'locked']);
    expect(await post.dead()).toMatchObject([
      { tries: 4, problem: 'Error: never', event: { event: { type: 'failed' } } },
    ]);
    expect(await post.waiting()).toBe(0);
    expect(post.reports.map(({ type }) => type)).toEqual(['failed', 'failed', 'failed', 'dead', 'delivered']);
  });

  it('that refuses for good is not asked again, and its lane goes on', async () => {
    const sink = new TestSink('crm');
    sink.does = ({ event }) => {
      if (event.type === 'failed') throw new DeliveryRefusedError('nobody there');
    };
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await post.fail('alice');
    await post.dispatcher().runOnce();
    expect(sink.types).toEqual(['failed', 'locked']);
    expect(await post.dead()).toMatchObject([{ tries: 1, problem: 'nobody there' }]);
  });

  it('that is away rests as a whole, uses no tries up, and others go on', async () => {
    const [away, good] = [new TestSink('away'), new TestSink('good')];
    away.does = () => {
      throw new DeliveryDelayedError('closed', 60_000);
    };
    const post = new PostedEngine([away, good]);
    await post.fail('alice');
    const dispatcher = post.dispatcher({ giveUpAfterMs: 1_000 });
    await dispatcher.runOnce();
    await post.fail('bob');
    await dispatcher.runOnce();
    expect(away.given).toHaveLength(1);
    expect(good.given).toHaveLength(2);
    for (let n = 0; n < 5; n += 1) {
      await post.clock.advance(60_000);
      await dispatcher.runOnce();
    }
    expect(away.given.length).toBeGreaterThan(5);
    expect(await post.dead()).toEqual([]);
    const { items } = await post.outbox.deliveries({ state: 'waiting', limit: 10 });
    expect(items.map(({ tries }) => tries)).toEqual([0, 0]);
    away.does = () => undefined;
    await post.clock.advance(60_000);
    await dispatcher.runOnce();
    expect(await post.waiting()).toBe(0);
  });

  it.each([
    [0, 1_000],
    [-5, 1_000],
    [Number.NaN, 1_000],
    [Number.POSITIVE_INFINITY, 1_000],
    [1e12, 3_600_000],
  ])('that asks to rest for %d ms rests for %d', async (asked, rests) => {
    const sink = new TestSink('away');
    sink.does = () => {
      throw new DeliveryDelayedError('closed', asked);
    };
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await post.dispatcher().runOnce();
    expect(post.reports).toMatchObject([{ type: 'delayed', retryInMs: rests }]);
  });
});

describe('a process that dies', () => {
  it('loses nothing: another one delivers what it had, with the same id', async () => {
    const [first, second] = [new TestSink('crm'), new TestSink('crm')];
    first.does = () => NEVER;
    const post = new PostedEngine([first]);
    await post.fail('alice');
    // Its own clock stands still: it never comes to its time-out.
    void post.dispatcher({ clock: new FakeClock(), leaseMs: 30_000 }).runOnce();
    await turns(3);
    expect(first.types).toEqual(['failed']);
    const other = post.dispatcher({ sinks: [second] });
    await post.clock.advance(29_999);
    await other.runOnce();
    expect(second.types).toEqual([]);
    await post.clock.advance(1);
    await other.runOnce();
    expect(second.ids).toEqual(first.ids);
    expect(second.given[0]?.try).toBe(2);
  });

  it('of a delivery, again and again, is not given it for ever', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    // Giving up after a second is after two tries.
    const { outbox } = post;
    for (let n = 0; n < 2; n += 1) {
      const token = String(n).repeat(32);
      expect(await outbox.claimDeliveries({ sinks: ['crm'], token, leaseMs: 100, limit: 1 })).toHaveLength(1);
      await post.clock.advance(101);
    }
    await post.dispatcher({ giveUpAfterMs: 1_000 }).runOnce();
    expect(sink.given).toEqual([]);
    expect(await post.dead()).toMatchObject([{ problem: 'It was tried 2 times.' }]);
  });
});

describe('several dispatchers', () => {
  it('deliver each event once among them', async () => {
    const sinks = Array.from({ length: 3 }, () => new TestSink('crm'));
    const post = new PostedEngine([sinks[0] as TestSink]);
    for (let n = 0; n < 30; n += 1) await post.fail(`account ${n % 10}`).catch(() => {});
    const dispatchers = sinks.map((sink) => {
      sink.does = () => turns(1);
      return post.dispatcher({ sinks: [sink], batch: 4 });
    });
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.runOnce()));
    const ids = sinks.flatMap((sink) => sink.ids);
    expect(ids.toSorted()).toEqual([...(await post.recorded())].sort());
    for (const sink of sinks) expect(sink.given.length).toBeGreaterThan(0);
  });
});
