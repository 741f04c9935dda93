import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { presets } from 'nestjs-lockout/policy';
import { ConfigError } from './config-error.js';
import { readConfig, showsMails } from './demo-config.js';

const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('settings', () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'lockout-config-'));
  });

  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  const problemsOf = (environment: NodeJS.ProcessEnv): readonly string[] => {
    try {
      readConfig(environment, dataDir);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };

  test('nothing set: this machine only, port 3000, ReachFive, a file in the data folder', () => {
    const config = readConfig({}, dataDir);
    expect(config).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 3000,
      database: { type: 'sqlite', file: join(dataDir, 'demo.sqlite') },
    });
    expect(config.lockout.policies.map(({ name }) => name)).toEqual(['reachfive', 'address']);
    expect(config.onStoreError).toBe('deny');
  });

  test('LOCKOUT_ON_STORE_ERROR says what is decided while the database is gone', () => {
    expect(readConfig({ LOCKOUT_ON_STORE_ERROR: 'memory' }, dataDir).onStoreError).toBe('memory');
    expect(problemsOf({ LOCKOUT_ON_STORE_ERROR: 'ignore' }).join('\n')).toMatch(/LOCKOUT_ON_STORE_ERROR/);
  });

  test('mails are shown unless SMTP_URL says where they go, and then nobody else sees them', () => {
    const shown = readConfig({}, dataDir);
    expect(shown.mail).toEqual({ smtpUrl: null, from: 'Sample app <security@example.test>' });
    expect(showsMails(shown)).toBe(true);
    const sent = readConfig({ SMTP_URL: 'smtps://me:pass@mail.example.com', MAIL_FROM: 'a@b.test' }, dataDir);
    expect(sent.mail).toEqual({ smtpUrl: 'smtps://me:pass@mail.example.com', from: 'a@b.test' });
    expect(showsMails(sent)).toBe(false);
  });

  test.each([
    [{ SMTP_URL: 'https://me:hush@mail.example.com' }, /^SMTP_URL must begin with smtp/],
    [{ SMTP_URL: 'mail.example.com:25' }, /^SMTP_URL/],
    [{ SMTP_URL: 'smtp:' }, /^SMTP_URL/],
    [{ MAIL_FROM: 'nobody' }, /^MAIL_FROM must be/],
    [{ MAIL_FROM: 'a@b.test,c@d.test' }, /^MAIL_FROM must be/],
    [{ MAIL_FROM: 'a@b.test, C <c@d.test>' }, /^MAIL_FROM must be/],
    [{ MAIL_FROM: 'A <a@b.test>\r\nBcc: c@d.test' }, /^MAIL_FROM/],
    [{ LOCKOUT_WEBHOOK_URL: 'https://example.com' }, /belong together/],
    [{ LOCKOUT_WEBHOOK_SECRET: WEBHOOK_SECRET }, /belong together/],
    [{ LOCKOUT_WEBHOOK_URL: 'http://example.com', LOCKOUT_WEBHOOK_SECRET: WEBHOOK_SECRET }, /needs https/],
    [{ LOCKOUT_WEBHOOK_URL: 'https://example.com', LOCKOUT_WEBHOOK_SECRET: 'hush' }, /^LOCKOUT_WEBHOOK/],
  ])('%j is refused at start, without a word of its secrets', (environment, expected) => {
    const problems = problemsOf(environment);
    expect(problems).toEqual([expect.stringMatching(expected)]);
    expect(problems.join('')).not.toMatch(/hush|MfKQ/);
  });

  test('webhooks are on with an address and a secret, and off without', () => {
    expect(readConfig({}, dataDir).webhook).toBeNull();
    const given = { LOCKOUT_WEBHOOK_URL: 'https://example.com/', LOCKOUT_WEBHOOK_SECRET: WEBHOOK_SECRET };
    expect(readConfig(given, dataDir).webhook).toEqual({
      url: 'https://example.com/',
      secret: WEBHOOK_SECRET,
    });
  });

  test('Contentstack mails of failures and of nothing else (CS-9)', () => {
    expect(readConfig({ LOCKOUT_PRESET: 'contentstack' }, dataDir).lockout.mails).toEqual({
      signIn: false,
      unlocked: false,
    });
    expect(readConfig({}, dataDir).lockout.mails).toBeUndefined();
  });

  test('secrets made in development are the same at the next start', () => {
    const { secrets } = readConfig({}, dataDir);
    expect(Buffer.byteLength(secrets.lockout)).toBeGreaterThanOrEqual(32);
    expect(secrets.lockout).not.toBe(secrets.session);
    expect(readConfig({}, dataDir).secrets).toEqual(secrets);
    const given = 'x'.repeat(32);
    expect(readConfig({ LOCKOUT_SECRET: given }, dataDir).secrets).toEqual({ ...secrets, lockout: given });
  });

  test.each(Object.keys(presets))('%s is on, and counts by what attempts here come with', (preset) => {
    const { policies } = readConfig({ LOCKOUT_PRESET: preset }, dataDir).lockout;
    expect(policies.length).toBeGreaterThan(0);
    expect(policies.every(({ enabled }) => enabled)).toBe(true);
    expect(['account', 'address']).toEqual(expect.arrayContaining(policies.flatMap(({ scope }) => scope)));
  });

  test('a preset that has its own say about addresses is left as it is, and so are policies that were given', () => {
    const names = (environment: NodeJS.ProcessEnv) =>
      readConfig(environment, dataDir).lockout.policies.map(({ name }) => name);
    expect(names({ LOCKOUT_PRESET: 'contentstack' })).toEqual(['contentstack', 'address']);
    expect(names({ LOCKOUT_PRESET: 'outsystems' })).not.toContain('address');
    const mine = [{ name: 'mine', threshold: 3, schedule: { kind: 'indefinite' } }];
    expect(names({ LOCKOUT_POLICIES: JSON.stringify(mine) })).toEqual(['mine']);
  });

  test('all that is wrong comes in one error', () => {
    const problems = problemsOf({
      PORT: 'http',
      PUBLIC_URL: 'ftp://elsewhere',
      LOCKOUT_POLICIES: '[{"name":"a","threshold":0,"schedule":{"kind":"fixed","durationMs":-1}}]',
      DATABASE_URL: 'mysql://host',
      SESSION_SECRET: 'short',
    });
    expect(problems.join('\n')).toMatch(
      /PORT.*PUBLIC_URL.*schedule\.durationMs.*threshold.*DATABASE_URL names no database.*SESSION_SECRET/s,
    );
  });

  test.each([
    ['{', /not JSON/],
    ['[]', /empty list/],
    ['{}', /must be a list/],
    ['null', /must be a list/],
    ['[7]', /policies\[0\]/],
  ])('LOCKOUT_POLICIES=%s', (json, expected) => {
    expect(problemsOf({ LOCKOUT_POLICIES: json }).join('\n')).toMatch(expected);
  });

  test.each([
    ['device', 'counts by device'],
    [{ custom: 'tenant' }, 'counts by custom:tenant'],
  ])('LOCKOUT_POLICIES by %j, which no attempt here has, is refused at start', (part, expected) => {
    const policies = (scope: readonly unknown[]) =>
      JSON.stringify([
        { name: 'odd', threshold: 3, scope, schedule: { kind: 'fixed', durationMs: 60_000 }, refuses: 'all' },
      ]);
    const problems = problemsOf({ LOCKOUT_POLICIES: policies(['account', part]) });
    expect(problems).toEqual([expect.stringContaining(`"odd" ${expected}`)]);
    expect(problemsOf({ LOCKOUT_POLICIES: policies(['account', 'address']) })).toEqual([]);
    expect(problemsOf({ LOCKOUT_POLICIES: policies(['address']) })).toEqual([]);
  });

  test.each(['nosuch', '__proto__', 'constructor', 'toString'])('there is no preset %s', (preset) => {
    expect(problemsOf({ LOCKOUT_PRESET: preset }).join('\n')).toMatch(/must be one of outsystems, reachfive/);
  });

  test.each([
    ['mysql://root@localhost/app', 'mysql'],
    ['mariadb://root@localhost/app', 'mariadb'],
    ['postgres://localhost/app', 'postgres'],
    ['postgresql://localhost/app', 'postgres'],
  ])('%s', (url, type) => {
    expect(readConfig({ DATABASE_URL: url }, dataDir).database).toEqual({ type, url });
  });

  test('production wants its secrets given, and makes no file', () => {
    const problems = problemsOf({ NODE_ENV: 'production' });
    expect(problems).toHaveLength(2);
    expect(problems.join('\n')).toMatch(/LOCKOUT_SECRET is required.*SESSION_SECRET is required/s);
  });
});
