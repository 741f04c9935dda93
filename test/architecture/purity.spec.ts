import { describe, expect, it } from '@jest/globals';
import { layerOf } from './import-rule.js';
import { LIBRARY, SourceFile, sourceFiles } from './source-file.js';

const PURE = ['policy', 'key', 'store', 'engine'];

describe('time and chance come in as arguments', () => {
  it.each(PURE)('%s reads no clock and rolls no dice, except in a file named clock.ts', (folder) => {
    const files = sourceFiles(LIBRARY).filter((file) => layerOf(file.path) === folder && !file.isSpec);
    expect(files.length).toBeGreaterThan(0);
    const found = files
      .filter((file) => !file.path.endsWith('/clock.ts'))
      .flatMap((file) => file.ambientReadings().map(({ what, line }) => `${file.path}:${line} ${what}`));
    expect(found).toEqual([]);
  });

  it('sees a reading where there is one', () => {
    const clock = new SourceFile('libs/lockout/src/engine/clock.ts');
    expect(clock.ambientReadings().length).toBeGreaterThan(0);
  });
});
