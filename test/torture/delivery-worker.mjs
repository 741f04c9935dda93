// One process of a run of deliveries: an application that writes events and sends them to a receiver. Started by
// delivery-crew.mjs with one JSON argument; told by lines of JSON what to do, and answers each with one.
import 'reflect-metadata';
import { createInterface } from 'node:readline';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LockoutEngine, LockoutModule, WebhookSink } from 'nestjs-lockout';
import { definePolicies } from 'nestjs-lockout/policy';
import { Killer } from './delivery-kill.mjs';
import { flawedOutbox } from './flawed-outbox.mjs';
import { openStore } from './store-connection.mjs';

const { connection, receiver, secret, webhookSecret, number, flaw, delivery } = JSON.parse(process.argv[2]);
const SWEEP_EVERY_MS = 120;
/** Locks end and come again while the run lasts. */
const SCHEDULE = { kind: 'exponential', initialMs: 100, factor: 2, by: 'lockouts', maximumMs: 400 };
const POLICY = { threshold: 2, schedule: SCHEDULE, notify: { from: 1 }, attemptTimeoutMs: 1_500 };

const killer = new Killer();
const { store } = await openStore(connection);
const watched = killer.watch(store, connection.kind);
const outbox = flaw ? flawedOutbox(watched, flaw, connection.url) : watched;

/** @type {LockoutEngine} */
let engine;
let sweeps = true;
let sweeping = Promise.resolve();

const nothing = () => {};

class App {}

/** From here on it takes part. */
async function begin() {
  Module({
    imports: [
      LockoutModule.forRoot({
        store: outbox,
        secrets: [secret],
        policies: definePolicies([
          { ...POLICY, name: 'account' },
          // Another record of the same account, so that its events come from two of them.
          { ...POLICY, name: 'pair', scope: ['account', 'address'], threshold: 3 },
        ]),
        labels: true,
        sweepIntervalMs: 0,
        silencedChecks: ['LCK101', 'LCK102', 'LCK103'],
        sinks: [
          new WebhookSink({
            url: receiver,
            secret: webhookSecret,
            headers: { 'x-worker': String(number) },
          }),
        ],
        delivery,
      }),
    ],
  })(App);
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  engine = app.get(LockoutEngine);
  setInterval(() => {
    if (sweeps) sweeping = engine.sweeper.sweep().then(nothing, nothing);
  }, SWEEP_EVERY_MS).unref();
}

const ACTIONS = {
  begin,
  arm: async ({ step }) => killer.arm(step),
  rest: () => {
    sweeps = false;
    return sweeping;
  },
  fail: ({ account, address, mark }) => attempt({ account, address, userAgent: mark }, 'fail'),
  succeed: ({ account, address, mark }) => attempt({ account, address, userAgent: mark }, 'succeed'),
  unlock: ({ account, mark }) => engine.unlock({ account }, { by: 'the run', reason: mark }),
};

async function attempt(who, verdict) {
  const begun = await engine.begin({ ...who, method: 'password' });
  if (begun.allowed) await begun.attempt[verdict]();
}

process.on('unhandledRejection', (error) => {
  console.log(JSON.stringify({ fault: String(/** @type {any} */ (error)?.stack ?? error) }));
});

async function obey(task) {
  try {
    await ACTIONS[task.do](task);
    console.log(JSON.stringify({ n: task.n }));
  } catch (error) {
    console.log(JSON.stringify({ n: task.n, error: `${error?.name}: ${error?.message}` }));
  }
}
createInterface({ input: process.stdin })
  .on('line', (line) => void obey(JSON.parse(line)))
  .on('close', () => process.exit(0));
console.log(JSON.stringify({ n: 0 }));
