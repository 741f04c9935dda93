import { dirname, join } from 'node:path';
import ts from 'typescript';
import { type Document, ROOT } from './document.js';

/** Where the snippets pretend to be; nothing is written there. */
const HOME = join(ROOT, 'test/docs/snippets');

/** A file made of a snippet, and how many lines come before what the reader sees. */
interface Snippet {
  readonly document: Document;
  readonly text: string;
  readonly firstLine: number;
}

/**
 * Type-checks every `ts` block of the documents against the sources, with the workspace's own strict settings.
 * A document's titled blocks can import each other; every other block is a module of its own.
 * @returns one line for each error: `README.md:120 Cannot find name 'x'.`
 */
export function snippetErrors(documents: readonly Document[]): string[] {
  const snippets = new Map<string, Snippet>();
  for (const document of documents) {
    const folder = join(HOME, document.path.replaceAll(/[^A-Za-z0-9]+/g, '-'));
    for (const block of document.blocks) {
      if (block.language !== 'ts') continue;
      const path = join(folder, block.title ?? `block-${block.line}.ts`);
      // `export {}`: a module, so that two blocks may use the same name.
      const text = `${block.preamble}\n${block.text}\nexport {};\n`;
      const firstLine = block.line - (block.preamble.split('\n').length - 1);
      snippets.set(path, { document, text, firstLine });
    }
  }
  const program = ts.createProgram([...snippets.keys()], compilerOptions(), overlay(snippets));
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => !file || snippets.has(file.fileName))
    .map(({ file, start = 0, messageText }) => {
      const message = ts.flattenDiagnosticMessageText(messageText, ' ');
      const snippet = file && snippets.get(file.fileName);
      if (!file || !snippet) return message;
      const line = snippet.firstLine + file.getLineAndCharacterOfPosition(start).line;
      return `${snippet.document.path}:${line} ${message}`;
    });
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  return { ...options, noEmit: true };
}

/** A compiler host that sees the snippets as files. */
function overlay(snippets: ReadonlyMap<string, Snippet>): ts.CompilerHost {
  const disk = ts.createCompilerHost(compilerOptions());
  const folders = new Set<string>();
  for (const path of snippets.keys()) {
    for (let folder = dirname(path); folder.startsWith(HOME); folder = dirname(folder)) folders.add(folder);
  }
  return {
    ...disk,
    fileExists: (path) => snippets.has(path) || disk.fileExists(path),
    readFile: (path) => snippets.get(path)?.text ?? disk.readFile(path),
    directoryExists: (path) => folders.has(path) || (disk.directoryExists?.(path) ?? true),
    getSourceFile: (path, options, ...rest) => {
      const snippet = snippets.get(path);
      return snippet
        ? ts.createSourceFile(path, snippet.text, options, true)
        : disk.getSourceFile(path, options, ...rest);
    },
  };
}
