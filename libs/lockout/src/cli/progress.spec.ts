import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { startProgress } from './progress.js';
import type { Terminal } from './terminal.js';

function terminal(isTTY: boolean): { readonly terminal: Terminal; readonly drawn: () => string } {
  const stderr = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  const io = { stdin: new PassThrough(), stdout: new PassThrough(), stderr };
  const times = { now: () => 0, monotonic: () => 0, peakMemory: () => 0 };
  return {
    terminal: { ...io, ...times, environment: {}, fetch: globalThis.fetch },
    drawn: () => String(stderr.read() ?? ''),
  };
}

describe('the bar', () => {
  it('is drawn where somebody looks, and leaves', () => {
    const { terminal: seen, drawn } = terminal(true);
    const progress = startProgress(seen, 1000);
    progress.update(500, 12_345);
    progress.stop();
    expect(drawn()).toMatch(/% of the log/);
  });

  it.each([
    ['nobody looks', false, 1000],
    ['nobody knows how much there is', true, null],
    ['there is nothing', true, 0],
  ] as const)('is not drawn where %s', (_, isTTY, total) => {
    const { terminal: unseen, drawn } = terminal(isTTY);
    const progress = startProgress(unseen, total);
    progress.update(500, 1);
    progress.stop();
    expect(drawn()).toBe('');
  });
});
