import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's package puts it. */
const EXECUTABLE = process.env['LOCKOUT_TEST_CHROMIUM'] ?? '/usr/bin/chromium';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether there is a browser to test with. Says so where there is none; with `CI` set that fails the run. */
export function hasChromium(): boolean {
  if (existsSync(EXECUTABLE)) return true;
  const advice = `Chromium is not at ${EXECUTABLE}: browser tests are skipped (apt-get install chromium, or set LOCKOUT_TEST_CHROMIUM)`;
  if (process.env['CI']) throw new Error(advice);
  // Not console.warn: jest keeps what skipped suites say to itself.
  process.stderr.write(`${advice}\n`);
  return false;
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}
