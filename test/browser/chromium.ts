import { type Browser, chromium } from 'playwright-core';
import { hasProgram } from '../support/programs.js';

const CHROMIUM = {
  name: 'Chromium',
  path: process.env['LOCKOUT_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
  what: 'browser tests',
  advice: 'apt-get install chromium, or set LOCKOUT_TEST_CHROMIUM',
};

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
export const hasChromium = (): boolean => hasProgram(CHROMIUM);

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM.path, args: ARGUMENTS });
}
