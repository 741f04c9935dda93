import { describe, expect, it } from '@jest/globals';
import { offerOf, stillThere, toggled, toggledAll } from './selection.js';

const items = (...ids: readonly string[]) => ids.map((id) => ({ id, unlockable: !id.startsWith('owner') }));

describe('ticking', () => {
  it('ticks, and takes the tick away', () => {
    const one = toggled(new Set(), 'alice', 10);
    expect([...one]).toEqual(['alice']);
    expect([...toggled(one, 'alice', 10)]).toEqual([]);
  });

  it('CS-14 stops at the most that can be unlocked at once, and can still take ticks away there', () => {
    const full = new Set(['a', 'b']);
    expect([...toggled(full, 'c', 2)]).toEqual(['a', 'b']);
    expect([...toggled(full, 'a', 2)]).toEqual(['b']);
  });

  it('ticks all up to the maximum, and none of them the next time', () => {
    const all = toggledAll(new Set(['c']), items('a', 'b', 'c'), 2);
    expect([...all]).toEqual(['a', 'b']);
    expect([...toggledAll(all, items('a', 'b', 'c'), 2)]).toEqual([]);
    expect([...toggledAll(new Set(), [], 2)]).toEqual([]);
  });

  it('forgets what is no longer listed', () => {
    expect([...stillThere(new Set(['a', 'gone']), items('a', 'b'))]).toEqual(['a']);
  });

  it('is the same selection while everything is there', () => {
    const selection = new Set(['a']);
    expect(stillThere(selection, items('a', 'b'))).toBe(selection);
  });
});

describe('what is offered for the ticked ones', () => {
  it('is nothing without a tick', () => {
    expect(offerOf(new Set(), items('a'))).toEqual({ kind: 'nothing' });
  });

  it('CS-17 is unlocking only if all of them can be unlocked', () => {
    const listed = items('a', 'b', 'owner');
    expect(offerOf(new Set(['a', 'b']), listed)).toEqual({ kind: 'unlock', items: items('a', 'b') });
    expect(offerOf(new Set(['a', 'owner']), listed)).toEqual({
      kind: 'ineligible',
      items: items('a', 'owner'),
      ineligible: items('owner'),
    });
  });
});
