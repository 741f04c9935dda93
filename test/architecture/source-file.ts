import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** The repository. */
export const ROOT = join(import.meta.dirname, '..', '..');
/** The package's sources, relative to {@link ROOT}. */
export const LIBRARY = 'libs/lockout/src';

/** One `import`, `export … from`, `import()` or `import('x').Type`. */
export interface ImportedModule {
  /** As written: `./x.js`, `node:crypto`, `rxjs`. */
  readonly specifier: string;
  /** Nothing of it is left at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** What the rules want to know of one TypeScript file. */
export class SourceFile {
  private readonly tree: ts.SourceFile;
  readonly text: string;

  /** @param path relative to {@link ROOT}, with `/`. */
  constructor(readonly path: string) {
    this.text = readFileSync(join(ROOT, path), 'utf8');
    this.tree = ts.createSourceFile(path, this.text, ts.ScriptTarget.ES2022, true);
  }

  get isSpec(): boolean {
    return this.path.endsWith('.spec.ts');
  }

  /** Lines, the last line break not counted as one more. */
  get lines(): number {
    return this.text.replace(/\n$/, '').split('\n').length;
  }

  imports(): ImportedModule[] {
    const found: ImportedModule[] = [];
    this.walk((node) => {
      const specifier = specifierOf(node);
      if (specifier) found.push({ specifier, typeOnly: isTypeOnly(node), line: this.lineOf(node) });
    });
    return found;
  }

  /** Lines of `export * from '…'` and `export * as x from '…'`. */
  exportStars(): number[] {
    const found: number[] = [];
    this.walk((node) => {
      if (!ts.isExportDeclaration(node) || !node.moduleSpecifier) return;
      if (!node.exportClause || ts.isNamespaceExport(node.exportClause)) found.push(this.lineOf(node));
    });
    return found;
  }

  /** Every name in the code, with its line; comments and strings are not names. */
  identifiers(): { name: string; line: number }[] {
    const found: { name: string; line: number }[] = [];
    this.walk((node) => {
      if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
        found.push({ name: node.text, line: this.lineOf(node) });
      }
    });
    return found;
  }

  /** Uses of the clock or of chance that nobody handed in: `Date.now`, `new Date()`, `performance.now`, `Math.random`. */
  ambientReadings(): { what: string; line: number }[] {
    const found: { what: string; line: number }[] = [];
    this.walk((node) => {
      if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
        const what = `${node.expression.text}.${node.name.text}`;
        if (['Date.now', 'Math.random', 'performance.now', 'process.hrtime'].includes(what)) {
          found.push({ what, line: this.lineOf(node) });
        }
      }
      const isDate = (callee: ts.Expression) => ts.isIdentifier(callee) && callee.text === 'Date';
      if (ts.isNewExpression(node) && isDate(node.expression) && !node.arguments?.length) {
        found.push({ what: 'new Date()', line: this.lineOf(node) });
      }
      if (ts.isCallExpression(node) && isDate(node.expression)) {
        found.push({ what: 'Date()', line: this.lineOf(node) });
      }
    });
    return found;
  }

  private walk(visit: (node: ts.Node) => void): void {
    const step = (node: ts.Node): void => {
      visit(node);
      ts.forEachChild(node, step);
    };
    step(this.tree);
  }

  private lineOf(node: ts.Node): number {
    return this.tree.getLineAndCharacterOfPosition(node.getStart(this.tree)).line + 1;
  }
}

function specifierOf(node: ts.Node): string | null {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
    return (node.moduleSpecifier as ts.StringLiteral).text;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    return argument && ts.isStringLiteralLike(argument) ? argument.text : '(computed)';
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return (node.argument.literal as ts.StringLiteral).text;
  }
  return null;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) {
    return node.isTypeOnly || allTypes(node.exportClause);
  }
  if (!ts.isImportDeclaration(node) || !node.importClause) return false;
  const { importClause } = node;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return !importClause.name && allTypes(importClause.namedBindings);
}

/** `{ type A, type B }`. */
function allTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (!bindings || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return false;
  return bindings.elements.length > 0 && [...bindings.elements].every((element) => element.isTypeOnly);
}

/** The TypeScript files under these folders of the repository, in order of their paths. */
export function sourceFiles(...folders: readonly string[]): SourceFile[] {
  const skipped = new Set(['node_modules', 'dist', 'coverage']);
  const under = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (skipped.has(entry.name) || entry.name.startsWith('.')) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return under(path);
      return entry.name.endsWith('.ts') ? [relative(ROOT, path).replaceAll('\\', '/')] : [];
    });
  return folders
    .flatMap((folder) => under(join(ROOT, folder)))
    .sort()
    .map((path) => new SourceFile(path));
}
