import { beforeEach, describe, expect, it } from '@jest/globals';
import { alice, BY_ADMIN, failTimes, failuresOf } from './bench.js';
import { A_WHILE_MS, type TwoProcesses, twoProcesses } from './two-processes.js';

let { clock, link, here, elsewhere }: TwoProcesses = twoProcesses();

beforeEach(() => {
  ({ clock, link, here, elsewhere } = twoProcesses());
});

const attempt = async (): Promise<'verified' | 'refused'> => {
  const begun = await here.begin(alice);
  if (begun.allowed) await begun.attempt.fail();
  return begun.allowed ? 'verified' : 'refused';
};

/** The keys of each load since, and how many swaps there were. */
function trafficOf(work: () => Promise<unknown>): Promise<{ loaded: number[]; swaps: number }> {
  const before = link.calls.length;
  return work().then(() => {
    const calls = link.calls.slice(before);
    return {
      loaded: calls.filter(({ method }) => method === 'load').map(({ keys }) => keys.length),
      swaps: calls.filter(({ method }) => method === 'compareAndSwap').length,
    };
  });
}

describe('a record that this process knew some seconds ago', () => {
  it('is swapped without being loaded; only what is not written is asked about', async () => {
    await failTimes(here, 1);
    await clock.advance(A_WHILE_MS - 1);
    const { loaded, swaps } = await trafficOf(() => failTimes(here, 1));
    // The administrator's lock, of which there is none.
    expect(loaded).toEqual([1]);
    expect(swaps).toBe(2);
    expect(await failuresOf(here)).toBe(2);
  });

  it('is loaded when it was long ago', async () => {
    await failTimes(here, 1);
    await clock.advance(60_000);
    const { loaded } = await trafficOf(() => failTimes(here, 1));
    expect(loaded).toEqual([2]);
  });

  it('loses its swap when another process wrote meanwhile, and no failure is lost', async () => {
    await failTimes(here, 1);
    await failTimes(elsewhere, 1);
    await clock.advance(A_WHILE_MS - 1);
    const before = here.totals.lostRaces;
    await failTimes(here, 1);
    expect(here.totals.lostRaces).toBeGreaterThan(before);
    expect(await failuresOf(here)).toBe(3);
  });

  it('does not admit anybody past a lock that another process set meanwhile (P1)', async () => {
    await failTimes(here, 1);
    await failTimes(elsewhere, 4);
    await clock.advance(A_WHILE_MS - 1);
    expect(await attempt()).toBe('refused');
  });

  it('does not admit anybody past an administrator’s lock (P6)', async () => {
    await failTimes(here, 1);
    await elsewhere.lock({ account: 'alice' }, null, BY_ADMIN);
    await clock.advance(A_WHILE_MS - 1);
    const { swaps } = await trafficOf(async () => expect(await attempt()).toBe('refused'));
    // P3: a refusal changes nothing.
    expect(swaps).toBe(0);
  });

  it('does not refuse anybody whom another process unlocked meanwhile (P6)', async () => {
    await failTimes(here, 5);
    await elsewhere.unlock({ account: 'alice' }, BY_ADMIN);
    await clock.advance(A_WHILE_MS - 1);
    expect(await attempt()).toBe('verified');
    expect(await failuresOf(here)).toBe(1);
  });

  it('does not refuse by a lock alone that nobody confirmed', async () => {
    await failTimes(here, 5);
    await clock.advance(A_WHILE_MS - 1);
    const { loaded, swaps } = await trafficOf(async () => expect(await attempt()).toBe('refused'));
    expect(loaded).toEqual([2]);
    expect(swaps).toBe(0);
  });

  it('does not refuse a success by a lock that was lifted meanwhile (R6)', async () => {
    const begun = await here.begin(alice);
    if (!begun.allowed) throw new Error('refused');
    await elsewhere.lock({ account: 'alice' }, null, BY_ADMIN);
    await here.judge(alice);
    await clock.advance(A_WHILE_MS - 1);
    await elsewhere.unlock({ account: 'alice' }, BY_ADMIN);
    expect((await begun.attempt.succeed()).refusal).toBeNull();
  });

  it('refuses a success by a lock that was set meanwhile (R6)', async () => {
    const begun = await here.begin(alice);
    if (!begun.allowed) throw new Error('refused');
    await clock.advance(A_WHILE_MS - 1);
    await elsewhere.lock({ account: 'alice' }, null, BY_ADMIN);
    expect((await begun.attempt.succeed()).refusal?.reason).toBe('locked');
  });
});

describe('a name that nobody has', () => {
  it('is judged by what is current: whether it is new is decided once', async () => {
    const unknown = { ...alice, account: { unknown: 'nobody' } };
    await failTimes(here, 1, unknown);
    await clock.advance(A_WHILE_MS - 1);
    const { loaded } = await trafficOf(() => failTimes(here, 1, unknown));
    expect(loaded[0]).toBeGreaterThan(2);
  });
});
