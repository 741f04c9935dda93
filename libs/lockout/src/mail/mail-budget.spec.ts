import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryLockoutStore } from '../store/memory-store.js';
import { StoreError } from '../store/store-error.js';
import { type BudgetedMail, MailBudget, type QuotaId } from './mail-budget.js';

const WINDOW_MS = 60_000;
const quotaId: QuotaId = (...parts) => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** A mail about a failure, to one recipient. */
const mail = (id: string): BudgetedMail => ({
  id,
  event: { type: 'failed', at: 0, failures: 1 },
  realm: '',
  address: 'alice@example.com',
});

let now = 1_900_000_000_000;
let store: MemoryLockoutStore;
let budget: MailBudget;
beforeEach(() => {
  store = new MemoryLockoutStore(() => now);
  budget = new MailBudget(store, quotaId, { mails: 2, windowMs: WINDOW_MS });
});

describe('a recipient’s budget', () => {
  it('gives a mail one part, however often it is tried, and says of the last that it is the last', async () => {
    expect((await budget.take(mail('a')))?.isLast).toBe(false);
    expect((await budget.take(mail('a')))?.isLast).toBe(false);
    expect((await budget.take(mail('b')))?.isLast).toBe(true);
    expect((await budget.take(mail('b')))?.isLast).toBe(true);
    expect(await budget.take(mail('c'))).toBeNull();
    expect(await Promise.all(['a', 'b', 'c'].map((id) => budget.isSpent(mail(id))))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('gives a part that is given back to the next mail, and the first must ask again', async () => {
    const part = await budget.take(mail('a'));
    await budget.take(mail('b'));
    await part?.giveBack();
    expect((await budget.take(mail('c')))?.isLast).toBe(true);
    expect(await budget.isSpent(mail('a'))).toBe(true);
    expect(await budget.take(mail('a'))).toBeNull();
  });

  it('takes back nothing of a mail of which an earlier try may have been sent', async () => {
    await budget.take(mail('a'));
    await (await budget.take(mail('a')))?.giveBack();
    expect(await budget.take(mail('b'))).not.toBeNull();
    expect(await budget.take(mail('c'))).toBeNull();
  });

  it('asks a mail that is tried in the next window for a part of that', async () => {
    await budget.take(mail('a'));
    now += WINDOW_MS;
    expect((await budget.take(mail('a')))?.isLast).toBe(false);
    expect((await budget.take(mail('b')))?.isLast).toBe(true);
    expect(await budget.take(mail('c'))).toBeNull();
  });

  it('loses no part to a store that cannot note whose it is', async () => {
    let isAway = true;
    class Forgetful extends MemoryLockoutStore {
      override takeQuota(...[id, limit, windowMs]: Parameters<MemoryLockoutStore['takeQuota']>) {
        if (isAway && id === quotaId('mail/part', '', 'a alice@example.com')) {
          return Promise.reject(new StoreError('unreachable', 'away'));
        }
        return super.takeQuota(id, limit, windowMs);
      }
    }
    budget = new MailBudget(new Forgetful(() => now), quotaId, { mails: 1, windowMs: WINDOW_MS });
    await expect(budget.take(mail('a'))).rejects.toThrow('away');
    isAway = false;
    expect((await budget.take(mail('a')))?.isLast).toBe(true);
  });
});
