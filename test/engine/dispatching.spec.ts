import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type EventDispatcher, type Outbox, StoreError } from 'nestjs-lockout';
import { Gate, turns } from '../support/gate.js';
import { PostedEngine, TestSink } from './post.js';

/** The outbox, with some methods replaced. */
const altered = (outbox: Outbox, changes: Partial<Outbox>): Outbox => ({ ...outbox, ...changes });

/** An outbox that takes so long to hand out deliveries, ms. */
const slow = (post: PostedEngine, takesMs: () => number): Outbox =>
  altered(post.outbox, {
    claimDeliveries: async (claim) => {
      const claimed = await post.outbox.claimDeliveries(claim);
      if (claimed.length > 0) await post.clock.sleep(takesMs());
      return claimed;
    },
  });

describe('a dispatcher that runs', () => {
  const started: { readonly dispatcher: EventDispatcher; readonly post: PostedEngine }[] = [];
  /** Resolves when it has looked for the first time. */
  const start = async (
    post: PostedEngine,
    options: Parameters<PostedEngine['dispatcher']>[0] = {},
  ): Promise<EventDispatcher> => {
    const dispatcher = post.dispatcher(options);
    started.push({ dispatcher, post });
    dispatcher.start();
    await turns(2);
    return dispatcher;
  };
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const { dispatcher, post } of started.splice(0)) {
      const stopped = dispatcher.stop();
      await post.clock.advance(60_000);
      await stopped;
    }
  });

  it('looks at the outbox once a poll, spread by half to and fro', async () => {
    const looks: number[] = [];
    const post = new PostedEngine([new TestSink('crm')]);
    const draws = [0, 0.999, 0.5];
    await start(post, {
      pollMs: 1_000,
      random: () => draws[looks.length - 1] ?? 0.5,
      outbox: altered(post.outbox, {
        claimDeliveries: async () => {
          looks.push(post.clock.monotonic());
          return [];
        },
      }),
    });
    await post.clock.advance(5_000);
    expect(looks.slice(0, 4)).toEqual([0, 500, 1_999, 2_999]);
  });

  it('delivers at once what it is nudged for', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    const dispatcher = await start(post);
    await turns(2);
    await post.fail('alice');
    dispatcher.nudge();
    await turns(5);
    expect(sink.types).toEqual(['failed']);
    expect(post.clock.monotonic()).toBe(0);
  });

  it('delivers what nobody nudges it for with the next poll', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    await start(post, { pollMs: 1_000 });
    await turns(2);
    await post.fail('alice');
    await post.clock.advance(999);
    expect(sink.types).toEqual([]);
    await post.clock.advance(1);
    await turns(5);
    expect(sink.types).toEqual(['failed']);
  });

  it('does not miss a nudge while it looks', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    const gate = new Gate();
    let looks = 0;
    const dispatcher = await start(post, {
      outbox: altered(post.outbox, {
        claimDeliveries: async (claim) => {
          looks += 1;
          if (looks > 1) return post.outbox.claimDeliveries(claim);
          await gate.pass();
          return [];
        },
      }),
    });
    await gate.reached(1);
    await post.fail('alice');
    dispatcher.nudge();
    gate.open();
    await turns(5);
    expect(sink.types).toEqual(['failed']);
  });

  it('is waited for by whoever delivers everything, also while the store has not answered it yet', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    const gate = new Gate();
    let looks = 0;
    await post.fail('alice');
    const dispatcher = await start(post, {
      outbox: altered(post.outbox, {
        claimDeliveries: async (claim) => {
          looks += 1;
          const isFirst = looks === 1;
          const claimed = await post.outbox.claimDeliveries(claim);
          if (isFirst) await gate.pass();
          return claimed;
        },
      }),
    });
    await gate.reached(1);
    const delivered = dispatcher.runOnce();
    await turns(5);
    expect(looks).toBe(2);
    gate.open();
    expect(await delivered).toBe(1);
    expect(sink.types).toEqual(['failed']);
  });

  it('does nothing at all without a sink', async () => {
    const post = new PostedEngine([]);
    let looks = 0;
    await start(post, {
      outbox: altered(post.outbox, {
        claimDeliveries: async () => {
          looks += 1;
          return [];
        },
      }),
    });
    await post.clock.advance(10_000);
    expect(looks).toBe(0);
  });

  it('lets what is under way end when it is stopped, begins nothing more, and can be started again', async () => {
    const sink = new TestSink('crm');
    const gate = new Gate();
    sink.does = () => gate.pass();
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await post.fail('alice');
    const dispatcher = await start(post);
    await gate.reached(1);
    let isStopped = false;
    const stopped = dispatcher.stop().then(() => {
      isStopped = true;
    });
    await turns(5);
    expect(isStopped).toBe(false);
    gate.open();
    await stopped;
    expect(sink.types).toEqual(['failed']);
    expect(await post.waiting()).toBe(1);
    await post.clock.advance(10_000);
    expect(sink.types).toEqual(['failed']);
    dispatcher.start();
    await turns(5);
    expect(sink.types).toEqual(['failed', 'locked']);
  });

  it('is stopped at once where nothing is under way', async () => {
    const post = new PostedEngine([new TestSink('crm')]);
    const dispatcher = await start(post, { pollMs: 3_600_000 });
    await turns(2);
    await dispatcher.stop();
    expect(post.clock.monotonic()).toBe(0);
  });

  it('says once that the store is in trouble and once that it is not, and asks it ever more rarely meanwhile', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    const looks: number[] = [];
    let isDown = true;
    const dispatcher = await start(post, {
      pollMs: 1_000,
      outbox: altered(post.outbox, {
        claimDeliveries: (claim) => {
          looks.push(post.clock.monotonic());
          if (isDown) throw new StoreError('unreachable', 'gone');
          return post.outbox.claimDeliveries(claim);
        },
      }),
    });
    await post.clock.advance(0);
    for (let n = 0; n < 10; n += 1) dispatcher.nudge();
    await post.clock.advance(31_000);
    expect(looks).toEqual([0, 2_000, 6_000, 14_000, 22_000, 30_000]);
    expect(post.reports.map(({ type }) => type)).toEqual(['store-fails']);
    isDown = false;
    await post.clock.advance(8_000);
    await turns(5);
    expect(post.reports.map(({ type }) => type)).toEqual(['store-fails', 'store-works', 'delivered']);
    expect(sink.types).toEqual(['failed']);
  });

  it('delivers once where the store only fails to be told of it for a while', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    let misses = 3;
    await start(post, {
      outbox: altered(post.outbox, {
        finishDelivery: async (id, token) => {
          misses -= 1;
          if (misses >= 0) throw new StoreError('unreachable', 'gone');
          return post.outbox.finishDelivery(id, token);
        },
      }),
    });
    await post.clock.advance(60_000);
    expect(sink.types).toEqual(['failed']);
    expect(await post.waiting()).toBe(0);
  });

  it('delivers again, under the same id, where the store was never told of it while it was its own', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    let isDown = true;
    const said: { readonly at: number; readonly token: string }[] = [];
    await start(post, {
      leaseMs: 30_000,
      outbox: altered(post.outbox, {
        finishDelivery: async (id, token) => {
          said.push({ at: post.clock.monotonic(), token });
          if (isDown) throw new StoreError('unreachable', 'gone');
          return post.outbox.finishDelivery(id, token);
        },
      }),
    });
    await post.clock.advance(29_000);
    expect(sink.given).toHaveLength(1);
    await post.clock.advance(3_000);
    isDown = false;
    await post.clock.advance(3_000);
    expect(await post.waiting()).toBe(0);
    expect(sink.given.map((delivery) => delivery.try)).toEqual([1, 2]);
    expect(new Set(sink.ids).size).toBe(1);
    const first = said.filter(({ token }) => token === said[0]?.token);
    expect(first.length).toBeGreaterThan(10);
    expect(first.at(-1)?.at).toBeLessThanOrEqual(30_000);
  });

  it('asks for nothing for a sink that is full, and for as much as ever for the others', async () => {
    const [full, other] = [new TestSink('full'), new TestSink('other')];
    const gate = new Gate();
    full.does = () => gate.pass();
    const post = new PostedEngine([full, other]);
    for (let n = 0; n < 9; n += 1) await post.fail(`account ${n}`);
    const asked: string[] = [];
    await start(post, {
      batch: 4,
      outbox: altered(post.outbox, {
        claimDeliveries: (claim) => {
          asked.push(`${claim.sinks.join(' ')} ${claim.limit}`);
          return post.outbox.claimDeliveries(claim);
        },
      }),
    });
    await turns(10);
    expect(full.given.length).toBeGreaterThan(2);
    expect(full.mostUnderWay).toBeLessThanOrEqual(4);
    expect(other.given).toHaveLength(9);
    expect(asked.at(-1)).toBe('other 4');
    gate.open();
    await turns(10);
    expect(full.given).toHaveLength(9);
  });

  it('leaves alone what it was given so late that another one may have it by the end', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    let isSlow = true;
    await start(post, {
      leaseMs: 30_000,
      timeoutMs: 10_000,
      outbox: slow(post, () => (isSlow ? 20_001 : 0)),
    });
    await post.clock.advance(20_002);
    expect(sink.given).toEqual([]);
    // Nobody else would hear of it: the store did answer.
    expect(post.reports).toMatchObject([
      {
        type: 'store-fails',
        error: { fault: 'timeout', message: expect.stringContaining('20001 ms to hand out deliveries (1)') },
      },
    ]);
    isSlow = false;
    await post.clock.advance(12_000);
    expect(sink.given).toMatchObject([{ try: 2 }]);
    expect(post.reports.map(({ type }) => type)).toEqual(['store-fails', 'store-works', 'delivered']);
  });

  it('delivers whatever it is given while there is time for it, to the last moment', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await start(post, {
      leaseMs: 30_000,
      timeoutMs: 10_000,
      outbox: slow(post, () => 20_000),
    });
    await post.clock.advance(20_000);
    await turns(5);
    expect(sink.given).toMatchObject([{ try: 1 }]);
  });

  it('goes on with the other sinks where one cannot say whether it can deliver, and says so once', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const [good, bad] = [new TestSink('good'), new TestSink('bad')];
    let isReady = false;
    const canDeliver = (): boolean => {
      if (!isReady) throw new Error('not ready');
      return true;
    };
    const post = new PostedEngine([Object.assign(bad, { canDeliver }), good]);
    await post.fail('alice');
    await start(post);
    await post.clock.advance(5_000);
    await turns(5);
    expect(good.types).toEqual(['failed']);
    expect(bad.types).toEqual([]);
    expect(post.reports.map(({ type }) => type)).toEqual(['delivered']);
    expect(warn.mock.calls.map(([warning]) => warning)).toEqual([
      'canDeliver of the sink "bad" threw, so nothing is delivered to it: Error: not ready',
    ]);
    isReady = true;
    await post.clock.advance(2_000);
    await turns(5);
    expect(bad.types).toEqual(['failed']);
  });

  it('is not harmed by whoever listens to what it did', async () => {
    const sink = new TestSink('crm');
    const post = new PostedEngine([sink]);
    await post.fail('alice');
    await post
      .dispatcher({
        observe: () => {
          throw new Error('a listener of ours');
        },
      })
      .runOnce();
    expect(await post.waiting()).toBe(0);
    expect(sink.types).toEqual(['failed']);
  });

  it('is not harmed by what they throw either, where that cannot be read', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const post = new PostedEngine([new TestSink('crm')]);
    await post.fail('alice');
    const observe = (): void => {
      throw { name: Object.create(null), message: '' };
    };
    expect(await post.dispatcher({ observe }).runOnce()).toBe(1);
    expect(await post.waiting()).toBe(0);
    expect(warn.mock.calls).toEqual([['What was thrown cannot be read.', 'LockoutWarning']]);
  });

  it('rejects, when it is run once, with what the store threw', async () => {
    const post = new PostedEngine([new TestSink('crm')]);
    const claimDeliveries: Outbox['claimDeliveries'] = async () => {
      throw new StoreError('unreachable', 'gone');
    };
    await expect(
      post.dispatcher({ outbox: altered(post.outbox, { claimDeliveries }) }).runOnce(),
    ).rejects.toThrow('gone');
  });

  it('is not made with settings that cannot be', () => {
    const post = new PostedEngine([]);
    expect(() => post.dispatcher({ leaseMs: 1_000, timeoutMs: 1_000 })).toThrow(RangeError);
  });
});
