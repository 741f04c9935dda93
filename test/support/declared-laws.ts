import type { ContractRunner } from 'nestjs-lockout/testing';

/** A law of a contract, which is tried by whoever asks for it. */
export interface DeclaredLaw {
  readonly title: string;
  readonly body: () => Promise<void>;
}

/** Those that contracts declare, in order. */
export function declaredLaws(declare: (runner: ContractRunner) => void): readonly DeclaredLaw[] {
  const laws: DeclaredLaw[] = [];
  declare({ describe: (_, body) => body(), it: (title, body) => void laws.push({ title, body }) });
  return laws;
}

/** The titles of those that do not hold; throws where none does. */
export async function brokenLaws(declare: (runner: ContractRunner) => void): Promise<string[]> {
  const laws = declaredLaws(declare);
  const broken: string[] = [];
  for (const { title, body } of laws) await body().catch(() => broken.push(title));
  if (laws.length <= broken.length) throw new Error('No law holds, or none was declared.');
  return broken;
}
