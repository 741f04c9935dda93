import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { StoreError } from '../store/store-error.js';
import type { UnlockLink, UnlockLinkStore } from '../store/unlock-links.js';
import { contractHash, contractKey } from './contract-swap.js';
import { timedBy } from './port-law.js';
import type { UnlockLinkLaw } from './unlock-links-contract.js';

const LIFE_MS = 3_600_000;

/** A digest that no other test uses. */
const digest = (): string => randomBytes(32).toString('hex');

/** A link that lasts an hour from `now`, unless `parts` say otherwise. */
const linkAt = (now: number, parts: Partial<UnlockLink> = {}): UnlockLink => ({
  digest: digest(),
  key: contractKey(),
  since: now,
  realm: 'contract',
  accountHash: contractHash(),
  expiresAt: now + LIFE_MS,
  ...parts,
});

const found = async (store: UnlockLinkStore, link: UnlockLink): Promise<UnlockLink | null> =>
  (await store.findUnlockLink(link.digest))?.link ?? null;

/** What becomes of unlock links. */
export function unlockLinkLaws(law: UnlockLinkLaw, callers: number): void {
  const timed = timedBy(law);

  law('finds what was kept, everywhere and as often as it is asked', async ({ store, other, now }) => {
    const link = linkAt(await now());
    await store.saveUnlockLink(link);
    for (const client of [store, other, store]) {
      const before = await now();
      const answer = await client.findUnlockLink(link.digest);
      deepEqual(answer?.link, link);
      ok(answer && answer.now >= before && answer.now <= (await now()));
    }
  });

  law('keeps each field as it is, whatever the realm is called', async ({ store, other, now }) => {
    const at = await now();
    for (const realm of ['r', 'é', '🔒'.repeat(32), "'; --", 'REALM', 'realm']) {
      const link = linkAt(at, { realm, since: 0, expiresAt: Number.MAX_SAFE_INTEGER });
      await store.saveUnlockLink(link);
      deepEqual(await found(other, link), link);
    }
  });

  law('knows no link that was not kept', async ({ store, now }) => {
    const link = linkAt(await now());
    equal(await store.findUnlockLink(link.digest), null);
    equal(await store.dropUnlockLink(link.digest), false);
    await store.saveUnlockLink(link);
    equal(await store.findUnlockLink(digest()), null);
  });

  law('keeps the first link of a digest, however often one is sent', async ({ store, other, now }) => {
    const link = linkAt(await now());
    await store.saveUnlockLink(link);
    await other.saveUnlockLink(link);
    await other.saveUnlockLink(linkAt(await now(), { digest: link.digest, realm: 'another' }));
    deepEqual(await found(store, link), link);
  });

  law('takes a link away for good, and tells who was the one to', async ({ store, other, now }) => {
    const [link, stays] = [linkAt(await now()), linkAt(await now())];
    await store.saveUnlockLink(link);
    await store.saveUnlockLink(stays);
    const told = await Promise.all(
      Array.from({ length: callers }, (_, n) => (n % 2 === 0 ? store : other).dropUnlockLink(link.digest)),
    );
    equal(told.filter(Boolean).length, 1);
    deepEqual([await found(store, link), await found(other, link)], [null, null]);
    deepEqual(await found(other, stays), stays);
  });

  law('rejects what no row can hold as data', async ({ store, now }) => {
    const link = linkAt(await now());
    const wrong: readonly Partial<UnlockLink>[] = [
      { digest: link.digest.slice(1) },
      { digest: link.digest.replace(/[a-f0-9]/, 'A') },
      { key: contractKey().slice(2) as UnlockLink['key'] },
      { accountHash: 'nobody' as UnlockLink['accountHash'] },
      { realm: 'x'.repeat(65) },
      { realm: 'a\0b' },
      { realm: '\ud800' },
      { since: 1.5 },
      { since: Number.NaN },
      { expiresAt: 2 ** 53 },
    ];
    const calls: readonly (() => Promise<unknown>)[] = [
      ...wrong.map((parts) => () => store.saveUnlockLink({ ...link, ...parts })),
      () => store.findUnlockLink(''),
      () => store.findUnlockLink(`${link.digest}00`),
      () => store.dropUnlockLink('x'),
    ];
    for (const call of calls) {
      await rejects(call, (error) => error instanceof StoreError && error.fault === 'data');
    }
    equal(await found(store, link), null);
  });

  timed('a link is as one that never was from its end on, to the millisecond', async (opened) => {
    const { store, other, now, advance } = opened;
    const link = linkAt(await now());
    await store.saveUnlockLink(link);
    await advance(LIFE_MS - 1);
    deepEqual(await found(other, link), link);
    await advance(1);
    equal(await found(other, link), null);
    equal(await store.dropUnlockLink(link.digest), false);
  });

  timed('with many that have expired, those that have not stay', async ({ store, other, now, advance }) => {
    const at = await now();
    await Promise.all(Array.from({ length: 80 }, () => store.saveUnlockLink(linkAt(at))));
    const living = Array.from({ length: 5 }, () => linkAt(at, { expiresAt: at + LIFE_MS + 1 }));
    for (const link of living) await other.saveUnlockLink(link);
    await advance(LIFE_MS);
    for (let n = 0; n < 3; n += 1) await store.saveUnlockLink(linkAt(await now()));
    for (const link of living) deepEqual(await found(other, link), link);
  });
}
