import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach } from '@jest/globals';

const policy = join(import.meta.dirname, '../../libs/lockout/src/policy');

/** Many cases each: most mutants are dead before it is their turn. */
const isSlow = (spec: string): boolean => /^lint|^replay|(laws|bound|define-policy)\.spec\.ts$/.test(spec);

const specs = readdirSync(policy, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.spec.ts'))
  .sort((a, b) => Number(isSlow(a)) - Number(isSlow(b)) || (a < b ? -1 : 1));

const broken: unknown[] = [];
for (const spec of specs) {
  try {
    await import(join(policy, spec));
  } catch (error) {
    broken.push(error);
  }
}

// A spec that cannot even be loaded has noticed the mutant: Stryker would only call that an error.
beforeEach(() => {
  if (broken.length > 0) throw broken[0];
});
