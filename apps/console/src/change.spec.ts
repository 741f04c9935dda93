import { describe, expect, it } from '@jest/globals';
import { Change } from './change.js';

describe('a change the operator asked for', () => {
  it('keeps its key while no answer came', () => {
    const change = new Change();
    const key = change.keyFor('POST accounts/unlock {}');
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(change.keyFor('POST accounts/unlock {}')).toBe(key);
  });

  it('is another one with other content', () => {
    const change = new Change();
    const key = change.keyFor('{"reason":"a"}');
    expect(change.keyFor('{"reason":"b"}')).not.toBe(key);
  });

  it('is another one after an answer', () => {
    const change = new Change();
    const key = change.keyFor('{}');
    change.answered();
    expect(change.keyFor('{}')).not.toBe(key);
  });
});
