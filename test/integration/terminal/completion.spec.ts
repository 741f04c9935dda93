import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROGRAM, runProcess } from './program.js';

const folder = mkdtempSync(join(tmpdir(), 'lockout-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As a package manager installs it. */
beforeAll(() => {
  symlinkSync(PROGRAM, join(folder, 'nestjs-lockout'));
});

const isInstalled = (shell: string): boolean => {
  try {
    execFileSync(shell, ['-c', 'true']);
    return true;
  } catch {
    return false;
  }
};

/** What a shell shows when this is typed at it, with the tabs; ended by what is awaited. */
async function typedAt(script: string, keys: string, awaited: RegExp): Promise<string> {
  const rc = join(folder, 'rc');
  writeFileSync(rc, `PS1='> '\nsource '${script}'\n`);
  const shell = spawn('script', ['-qfec', `bash --noprofile --rcfile '${rc}' -i`, '/dev/null'], {
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: folder, TERM: 'dumb', INPUTRC: '/dev/null' },
  });
  let screen = '';
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`It never showed ${awaited}:\n${screen}`)), 40_000);
      let isReady = false;
      shell.stdout.on('data', (chunk: Buffer) => {
        screen += String(chunk);
        if (!isReady && screen.endsWith('> ')) {
          isReady = true;
          shell.stdin.write(keys);
        }
        if (isReady && awaited.test(screen)) {
          clearTimeout(timer);
          resolve();
        }
      });
    });
    return screen;
  } finally {
    // Asked to end, it would first wait for its shell: two seconds.
    shell.kill('SIGKILL');
    if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'close');
  }
}

describe('completion', () => {
  const script = join(folder, 'completion.bash');

  beforeAll(async () => {
    const { code, out, err } = await runProcess(['completion', 'bash']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    writeFileSync(script, out);
  });

  it.each([
    { typed: 'a command', keys: 'nestjs-lockout stat\t', shown: /nestjs-lockout status / },
    { typed: 'an option', keys: 'nestjs-lockout status alice --unk\t', shown: /--unknown / },
    {
      typed: 'an option after an option with a value',
      keys: 'nestjs-lockout lock --realm shop --unt\t',
      shown: /--until /,
    },
    {
      typed: 'the word of an option',
      keys: 'nestjs-lockout list --sort last\t',
      shown: /--sort lastFailureAt /,
    },
    { typed: 'the word of an argument', keys: 'nestjs-lockout list addr\t', shown: /list addresses / },
    { typed: 'a preset', keys: 'nestjs-lockout policies --preset reach\t', shown: /--preset reachfive / },
    {
      typed: 'a type of event',
      keys: 'nestjs-lockout events --type succ\t',
      shown: /--type succeeded-after-failures /,
    },
    { typed: 'a shell', keys: 'nestjs-lockout completion f\t', shown: /completion fish / },
  ])('in bash: $typed', async ({ keys, shown }) => {
    expect(await typedAt(script, keys, shown)).toMatch(shown);
  });

  it('runs nothing of what is being typed', async () => {
    const mark = join(folder, 'mark');
    const keys = `nestjs-lockout status '$(touch ${mark})' \`touch ${mark}\` $(touch ${mark}) --unk\t`;
    await typedAt(script, keys, /--unknown /);
    expect(isInstalled(`test ! -e ${mark}; sh`)).toBe(false);
  });

  it('says by itself what comes next, and asks nobody', async () => {
    const { code, out } = await runProcess(['complete', '--', 'unlock', '--ev']);
    expect(code).toBe(0);
    expect(out).toMatch(/^--everything\t.+\n:\d+\n$/);
  });

  it.each(['zsh', 'fish'])('in %s is a script that the shell can read', async (shell) => {
    const { code, out } = await runProcess(['completion', shell]);
    expect(code).toBe(0);
    expect(out).toContain('nestjs-lockout');
    if (!isInstalled(shell)) return;
    const path = join(folder, `completion.${shell}`);
    writeFileSync(path, out);
    execFileSync(shell, ['-n', path]);
  });

  it('knows no other shell', async () => {
    const { code, err } = await runProcess(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(err).toMatch(/Allowed choices are bash, zsh, fish/);
  });
});
