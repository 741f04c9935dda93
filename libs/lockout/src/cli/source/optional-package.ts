import { CommandProblem } from '../command-problem.js';
import { EXIT } from '../terminal.js';

/**
 * Loads a package that only some need.
 * @throws {CommandProblem} it is not installed: with what to install.
 */
export async function optionalPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (isMissing(error, name)) throw missingPackage(name);
    throw error;
  }
}

/** Null where it is not installed. */
export async function packageIfThere<T>(name: string, load: () => Promise<T>): Promise<T | null> {
  try {
    return await load();
  } catch (error) {
    if (isMissing(error, name)) return null;
    throw error;
  }
}

export function missingPackage(name: string, instead = ''): CommandProblem {
  const or = instead === '' ? '' : ` (or ${instead})`;
  return new CommandProblem(
    [`This database needs the package ${name}${or}. Beside nestjs-lockout, run: npm install ${name}`],
    EXIT.usage,
  );
}

function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = Reflect.get(error, 'code');
  const isAbsent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  // A package that is there, but lacks one of its own, is another trouble.
  return isAbsent && error.message.includes(`'${name}'`);
}
