// One process of an application with an admin API: asks again and again whether an account may sign in, when told to.
// Started by office.ts with one JSON argument; prints its URL, then answers each line with a line of JSON.

import 'reflect-metadata';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LockoutEngine, LockoutModule } from 'nestjs-lockout';
import { LockoutAdminModule } from 'nestjs-lockout/admin';
import { definePolicies, minutes } from 'nestjs-lockout/policy';
import { openStore } from './open-store.mjs';

const { dataSource, redis, secret, cacheMs } = JSON.parse(process.argv[2]);
/** Between two attempts: four processes share few processors. */
const PAUSE_MS = 8;

const { store, close } = await openStore({ dataSource, redis });
/** What attempts ask of the store. */
let statements = 0;
for (const name of ['load', 'compareAndSwap']) {
  const asked = store[name].bind(store);
  store[name] = (...question) => {
    statements += 1;
    return asked(...question);
  };
}

class App {}
Module({
  imports: [
    LockoutModule.forRoot({
      store,
      secrets: [secret],
      policies: definePolicies([
        { name: 'account', threshold: 3, schedule: { kind: 'fixed', durationMs: minutes(5) } },
      ]),
      labels: true,
      cacheMs,
    }),
    LockoutAdminModule.forRoot({
      guards: [{ canActivate: () => true }],
      actor: () => 'the administrator',
      console: false,
    }),
  ],
})(App);
const app = await NestFactory.create(App, { logger: false });
await app.listen(0, '127.0.0.1');
const engine = app.get(LockoutEngine);

/** What the store's clock is ahead of this process's, ms: all times here are the store's. */
const ahead = async () => {
  const before = now();
  const { now: stored } = await store.load([]);
  return stored - (before + now()) / 2;
};
const now = () => performance.timeOrigin + performance.now();

/** One asking: from `ask` to its first admission. */
let asking = null;

async function ask(account) {
  const clock = await ahead();
  const own = { asks: 0, statements, lastRefusedAt: null, admittedAt: null, clock };
  asking = own;
  while (own.admittedAt === null) {
    const begunAt = now() + own.clock;
    own.asks += 1;
    const begun = await engine.begin({ account, method: 'password' });
    if (begun.allowed) {
      own.admittedAt = begunAt;
      await begun.attempt.succeed();
    } else {
      own.lastRefusedAt = begunAt;
      await sleep(PAUSE_MS);
    }
  }
}

const WORDS = {
  /** Guesses until it is locked. */
  lock: async ({ account }) => {
    for (;;) {
      const begun = await engine.begin({ account, method: 'password' });
      if (!begun.allowed) return {};
      await begun.attempt.fail();
    }
  },
  ask: async ({ account }) => {
    asking = null;
    void ask(account);
    return {};
  },
  /** What came of it so far. */
  told: async () => asking && { ...asking, statements: statements - asking.statements },
  end: async () => {
    await app.close();
    await close();
    return {};
  },
};

console.log(JSON.stringify({ url: await app.getUrl() }));
for await (const line of createInterface({ input: process.stdin })) {
  const { word, ...rest } = JSON.parse(line);
  console.log(JSON.stringify(await WORDS[word](rest)));
  if (word === 'end') break;
}
process.exit(0);
