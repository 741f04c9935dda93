import { Inject, Injectable } from '@nestjs/common';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from '../admin-options.js';
import { Problem } from '../problem.js';
import { type ConsoleFile, type ConsoleFiles, readConsole } from './console-files.js';
import { builtConsole } from './console-folder.js';

const SWITCHED_OFF = 'The console is switched off here: LockoutAdminModule has the option console: false.';
const NOT_BUILT =
  'There is no built console. In a clone of nestjs-lockout run npm run build:console; an application that is bundled ' +
  'says by the option consoleFolder where the package’s dist/console lies. Then start the application again.';

/** The console that one mount serves, as it was built when the application started. */
@Injectable()
export class ConsoleBuild {
  private readonly isOn: boolean;
  private readonly files: ConsoleFiles | null;

  constructor(@Inject(LOCKOUT_ADMIN_OPTIONS) { console, consoleFolder }: ResolvedAdminOptions) {
    this.isOn = console;
    const folder = consoleFolder ?? builtConsole();
    this.files = console && folder !== null ? readConsole(folder) : null;
  }

  /** @throws {Problem} 404 no such file, or no console at all, and what to do about it. */
  file(name: string): ConsoleFile {
    const file = this.all().get(name);
    if (!file) throw new Problem(404, 'The console has no such file.');
    return file;
  }

  /** @throws {Problem} 404 there is no console. */
  assertServed(): void {
    this.all();
  }

  private all(): ConsoleFiles {
    if (!this.isOn) throw new Problem(404, SWITCHED_OFF);
    if (!this.files) throw new Problem(404, NOT_BUILT);
    return this.files;
  }
}
