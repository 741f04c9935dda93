import { describe, expect, it } from '@jest/globals';
import type { LockView } from 'nestjs-lockout/admin';
import { blockRows, unlockOf } from './block-rows.js';

const lock = (id: string, facts: Partial<LockView> = {}): LockView => ({
  id,
  policy: 'user-at-address',
  scope: 'account+address',
  address: null,
  failures: 3,
  since: '2030-01-01T00:00:00.000Z',
  until: '2030-01-01T00:05:00.000Z',
  cause: 'failures',
  lastFailureAt: '2030-01-01T00:00:00.000Z',
  ...facts,
});

describe('the table of what stands against an account', () => {
  it('OS-12 has one row for each address', () => {
    const rows = blockRows([
      lock('1', { address: '203.0.113.7' }),
      lock('2', { address: '203.0.113.8' }),
      lock('3', { address: '203.0.113.7', policy: 'other' }),
    ]);
    expect(rows.map(({ address, locks }) => [address, locks.map(({ id }) => id)])).toEqual([
      ['203.0.113.7', ['1', '3']],
      ['203.0.113.8', ['2']],
    ]);
  });

  it('has the whole account first', () => {
    const rows = blockRows([lock('1', { address: '203.0.113.7' }), lock('2')]);
    expect(rows.map(({ address }) => address)).toEqual([null, '203.0.113.7']);
  });

  it('OS-24 tells the attempts, and when the last one was', () => {
    const [row] = blockRows([
      lock('1', { address: '203.0.113.7', failures: 3, lastFailureAt: '2030-01-01T00:00:02.000Z' }),
      lock('2', { address: '203.0.113.7', failures: 5, lastFailureAt: '2030-01-01T00:00:01.000Z' }),
    ]);
    expect(row).toMatchObject({ attempts: 5, lastFailureAt: '2030-01-01T00:00:02.000Z' });
  });

  it('ends when the last of its locks does, and never if one of them does not', () => {
    const later = lock('2', { until: '2030-01-02T00:00:00.000Z' });
    expect(blockRows([lock('1'), later])[0]?.until).toBe('2030-01-02T00:00:00.000Z');
    expect(blockRows([lock('1'), later, lock('3', { until: null })])[0]?.until).toBeNull();
  });
});

describe('lifting rows of it', () => {
  const rows = blockRows([
    lock('1', { address: '203.0.113.7' }),
    lock('2', { address: '203.0.113.8' }),
    lock('3'),
  ]);

  it('OS-13 frees the account at the address of the row', () => {
    expect(unlockOf('a1', rows.slice(1, 2), 'why')).toEqual({
      path: 'accounts/unlock',
      content: { accounts: [{ id: 'a1', address: '203.0.113.7' }], reason: 'why' },
    });
  });

  it('OS-14 lifts the locks of all chosen rows together, and no other', () => {
    expect(unlockOf('a1', rows, 'why')).toEqual({
      path: 'records/unlock',
      content: { ids: ['3', '1', '2'], reason: 'why' },
    });
    expect(unlockOf('a1', rows.slice(1), 'why').content['accounts']).toEqual([
      { id: 'a1', address: '203.0.113.7' },
      { id: 'a1', address: '203.0.113.8' },
    ]);
  });
});
