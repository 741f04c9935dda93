import cliProgress from 'cli-progress';
import { count } from './plain-number.js';
import type { Terminal } from './terminal.js';

/** How far a log has been read. */
export interface Progress {
  /** @param bytes read so far. */
  update(bytes: number, attempts: number): void;
  stop(): void;
}

const SILENT: Progress = { update: () => {}, stop: () => {} };

/** A bar on the standard error, only where somebody looks and it is known how much there is. */
export function startProgress({ stderr }: Terminal, totalBytes: number | null): Progress {
  if (stderr.isTTY !== true || totalBytes === null || totalBytes === 0) return SILENT;
  const bar = new cliProgress.SingleBar(
    {
      stream: stderr,
      format: '{bar} {percentage}% of the log, {attempts} attempts, {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      // Written between two pieces of the file, not by a timer of its own.
      forceRedraw: false,
      fps: 8,
    },
    cliProgress.Presets.shades_grey,
  );
  bar.start(totalBytes, 0, { attempts: '0' });
  return {
    update: (bytes, attempts) => bar.update(Math.min(bytes, totalBytes), { attempts: count(attempts) }),
    stop: () => bar.stop(),
  };
}
