import { describe, expect, it } from '@jest/globals';
import { hours, minutes } from '../policy/duration.js';
import { encodeRefusals } from '../store/refusal-row.js';
import { MAX_COUNT, MAX_REALMS, OTHER_REALMS, RefusalTally, SLICE_MS } from './refusal-tally.js';

/** The beginning of a slice. */
const NOON = Date.UTC(2026, 0, 1, 12);
const DAY = hours(24);

/** Notes so many at once. */
function noteTimes(tally: RefusalTally, times: number, realm: string, now: number): void {
  for (let n = 0; n < times; n += 1) tally.note(realm, now);
}

describe('the tally of refusals', () => {
  it('is empty at first', () => {
    const tally = new RefusalTally();
    expect(tally.counts(NOON).realms).toEqual({});
    expect(tally.total).toBe(0);
  });

  it('counts by slice and realm, from the first slice with a refusal on', () => {
    const tally = new RefusalTally();
    noteTimes(tally, 2, 'shop', NOON);
    noteTimes(tally, 1, 'staff', NOON + SLICE_MS);
    noteTimes(tally, 3, 'shop', NOON + 2 * SLICE_MS);
    expect(tally.counts(NOON + minutes(30))).toEqual({
      from: NOON,
      sliceMs: minutes(5),
      realms: { shop: [2, 0, 3], staff: [0, 1] },
    });
    expect(tally.total).toBe(6);
  });

  it('begins its slices at multiples of their length, both ends decided', () => {
    const tally = new RefusalTally();
    tally.note('shop', NOON - 1);
    tally.note('shop', NOON);
    tally.note('shop', NOON + SLICE_MS - 1);
    tally.note('shop', NOON + SLICE_MS);
    expect(tally.counts(NOON + SLICE_MS)).toMatchObject({
      from: NOON - SLICE_MS,
      realms: { shop: [1, 2, 1] },
    });
  });

  it('forgets a slice when the one a day later begins, and not before', () => {
    const tally = new RefusalTally();
    tally.note('shop', NOON);
    tally.note('shop', NOON + SLICE_MS);
    expect(tally.counts(NOON + DAY - 1)).toMatchObject({ from: NOON, realms: { shop: [1, 1] } });
    expect(tally.counts(NOON + DAY)).toMatchObject({ from: NOON + SLICE_MS, realms: { shop: [1] } });
    expect(tally.counts(NOON + DAY + SLICE_MS).realms).toEqual({});
  });

  it('starts anew in the place of a slice of the day before', () => {
    const tally = new RefusalTally();
    noteTimes(tally, 7, 'shop', NOON);
    noteTimes(tally, 5, 'shop', NOON + SLICE_MS);
    tally.note('shop', NOON + DAY);
    expect(tally.counts(NOON + DAY).realms['shop']).toEqual([5, ...Array<number>(286).fill(0), 1]);
    tally.note('shop', NOON + 3 * DAY);
    expect(tally.counts(NOON + 3 * DAY)).toMatchObject({ from: NOON + 3 * DAY, realms: { shop: [1] } });
  });

  it('takes what comes late, by a clock that was corrected, but nothing older than a day', () => {
    const tally = new RefusalTally();
    tally.note('shop', NOON);
    tally.note('shop', NOON - DAY + SLICE_MS);
    tally.note('shop', NOON - DAY);
    expect(tally.counts(NOON)).toMatchObject({ from: NOON - DAY + SLICE_MS });
    expect(tally.counts(NOON).realms['shop']).toEqual([1, ...Array<number>(286).fill(0), 1]);
    expect(tally.counts(NOON - SLICE_MS).realms['shop']).toEqual([1]);
  });

  it('counts further realms together, until one of those that it names has had none for a day', () => {
    const tally = new RefusalTally();
    for (let n = 0; n < MAX_REALMS; n += 1) tally.note(`realm-${n}`, NOON + (n === 0 ? 0 : SLICE_MS));
    noteTimes(tally, 2, 'late', NOON + SLICE_MS);
    tally.note('later', NOON + SLICE_MS);
    tally.note('realm-5', NOON + SLICE_MS);
    const { realms } = tally.counts(NOON + SLICE_MS);
    expect(Object.keys(realms)).toHaveLength(MAX_REALMS + 1);
    expect(realms).toMatchObject({ [OTHER_REALMS]: [0, 3], 'realm-0': [1], 'realm-5': [0, 2] });

    tally.note('late', NOON + DAY);
    tally.note('later', NOON + DAY);
    const after = tally.counts(NOON + DAY).realms;
    expect(after).not.toHaveProperty('realm-0');
    expect(after['late']?.at(-1)).toBe(1);
    expect(after[OTHER_REALMS]).toEqual([3, ...Array<number>(286).fill(0), 1]);
  });

  it('fits into a report, however many realms and attempts there are', () => {
    const tally = new RefusalTally();
    const most = { ...tally.counts(NOON), realms: {} as Record<string, number[]> };
    for (let n = 0; n < MAX_REALMS; n += 1) {
      most.realms[String(n).padEnd(64, 'x')] = Array<number>(288).fill(MAX_COUNT);
    }
    most.realms[OTHER_REALMS] = Array<number>(288).fill(MAX_COUNT);
    expect(encodeRefusals(most)?.length).toBeLessThan(65_536);
    for (let slice = 0; slice < 300; slice += 1) {
      for (let n = 0; n < 100; n += 1) tally.note(`realm-${n}`, NOON + slice * SLICE_MS);
    }
    const { realms } = tally.counts(NOON + 299 * SLICE_MS);
    expect(Object.keys(realms)).toHaveLength(MAX_REALMS + 1);
    for (const list of Object.values(realms)) expect(list).toHaveLength(288);
  });
});
