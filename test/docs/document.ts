import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The repository. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** One fenced block of a document. */
export interface Block {
  /** First word after the fence: `ts`, `json`, `sh`. */
  readonly language: string;
  /** Second word: `ts run` is compiled and run. */
  readonly runnable: boolean;
  /**
   * `src/app.module.ts`, from a first line `// src/app.module.ts`, or from a line `package.json`: (in backticks) before
   * the block; null: the block is no whole file.
   */
  readonly title: string | null;
  /** What the reader sees. */
  readonly text: string;
  /** Declarations the reader is spared: an HTML comment `<!-- ts … -->` right before the block. */
  readonly preamble: string;
  /** Line of the opening fence. */
  readonly line: number;
}

/** A page of documentation, relative to {@link ROOT}. */
export class Document {
  readonly text: string;
  readonly blocks: readonly Block[];

  constructor(readonly path: string) {
    this.text = readFileSync(join(ROOT, path), 'utf8');
    this.blocks = [...readBlocks(this.text)];
  }

  /** The whole files of the document, by their titles. */
  files(): ReadonlyMap<string, string> {
    const titled = this.blocks.filter((block) => block.title !== null);
    return new Map(titled.map((block) => [block.title ?? '', block.text]));
  }
}

const FENCE =
  /^(?:`(?<name>[\w./-]+)`:\n\n)?(?:<!-- ts\n(?<preamble>[\s\S]*?)-->\n)?^```(?<info>[^\n`]+)\n(?<text>[\s\S]*?)^```$/gm;
const TITLE = /^(?:\/\/|#) ((?:[\w.-]+\/)*[\w.-]+\.[a-z]+)$/;

function* readBlocks(text: string): Generator<Block> {
  for (const match of text.matchAll(FENCE)) {
    const { name = null, preamble = '', info = '', text: body = '' } = match.groups ?? {};
    const [language = '', mode] = info.trim().split(/\s+/);
    const title = TITLE.exec(body.split('\n', 1)[0] ?? '')?.[1] ?? name;
    const line =
      text.slice(0, match.index).split('\n').length + (preamble ? preamble.split('\n').length + 1 : 0);
    yield { language, runnable: mode === 'run', title, text: body, preamble, line };
  }
}

/** The pages a user of the library reads. */
export function documents(): Document[] {
  const under = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return under(path);
      return entry.name.endsWith('.md') ? [relative(ROOT, path)] : [];
    });
  const top = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md'];
  return [...top, ...under(join(ROOT, 'docs')).sort()].map((path) => new Document(path));
}
