import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { builtConsole } from './console-folder.js';

describe('builtConsole', () => {
  it('is the same folder of the package, from its sources as from its build', () => {
    const thePackage = join(import.meta.dirname, '..', '..', '..');
    expect(builtConsole()).toBe(join(thePackage, 'dist', 'console'));
  });
});
