import type { Terminal } from '../terminal.js';
import type { ConsoleSource } from './console-source.js';
import type { SourceAccess } from './source-options.js';

/**
 * Opens what the commands look at; only what is needed for it is loaded.
 * Rejects with SourceProblem or CommandProblem.
 */
export async function openSource(
  access: SourceAccess,
  terminal: Terminal,
  userAgent: string,
): Promise<ConsoleSource> {
  if (access.kind === 'store') {
    const { openStoreSource } = await import('./open-store-source.js');
    return openStoreSource(access);
  }
  const [{ ApiCall }, { ApiSource }] = await Promise.all([
    import('./api-call.js'),
    import('./api-source.js'),
  ]);
  const call = new ApiCall(access, terminal.fetch, userAgent);
  return new ApiSource(access.url.href.replace(/\/$/, ''), call, terminal.now);
}
