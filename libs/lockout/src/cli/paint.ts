import { styleText } from 'node:util';
import type { Terminal } from './terminal.js';

/** What colours say here, never alone: the words say it too. */
export type Tone = 'plain' | 'strong' | 'faint' | 'locked' | 'free';

const STYLES = { strong: 'bold', faint: 'dim', locked: 'red', free: 'green' } as const;

/** Puts a tone on a text that is safe to print. */
export type Paint = (tone: Tone, text: string) => string;

/** Colours only where somebody looks and did not decline them (https://no-color.org). */
export function paintFor({ stdout, environment }: Terminal): Paint {
  const isDeclined = Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb';
  if (stdout.isTTY !== true || isDeclined) return (_, text) => text;
  return (tone, text) =>
    tone === 'plain' || text === '' ? text : styleText(STYLES[tone], text, { validateStream: false });
}
