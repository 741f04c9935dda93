import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One numbered statement of a document. */
export interface Line {
  /** `R5-4`. */
  readonly id: string;
  /** What the document states, in a sentence of ours. */
  readonly what: string;
  /** What is decided where the document is silent or contradicts itself. */
  readonly decision?: string;
  /** Why the rule alone cannot show it; absent: it can. Over HTTP every line is shown. */
  readonly notAtTheRule?: string;
  /** It is about what somebody sees or does at a screen: shown in the console too, in a browser. */
  readonly onScreen?: true;
}

/** One system: its document and its preset. */
export interface System {
  readonly id: string;
  readonly name: string;
  readonly preset: string;
  /** The document's title. */
  readonly document: string;
  readonly lines: readonly Line[];
}

/** What the five documents state: JSON, so that `run.mjs` reads the same. */
export const { systems } = JSON.parse(readFileSync(join(import.meta.dirname, 'catalogue.json'), 'utf8')) as {
  readonly systems: readonly System[];
};

export const lines: readonly Line[] = systems.flatMap((system) => system.lines);
