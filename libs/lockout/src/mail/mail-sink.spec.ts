import { expect, it } from '@jest/globals';
import { systemClock } from '../engine/clock.js';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { EventDispatcher } from '../notify/event-dispatcher.js';
import { definePolicies } from '../policy/define-policy.js';
import { MemoryLockoutStore } from '../store/memory-store.js';
import { createMailSink } from './create-mail-sink.js';
import { resolveMailOptions } from './mail-options.js';
import { openTransport } from './mail-transport.js';

it('mails that a server takes up and never ends, and those that wait for it, use up no tries', async () => {
  let begun = 0;
  const options = resolveMailOptions({
    transport: {
      sendMail: () => {
        begun += 1;
        return new Promise(() => {});
      },
    },
    from: 'security@example.com',
    recipient: ({ account }) => ({ address: `${account}@example.com` }),
  });
  const engine = new LockoutEngine({
    store: new MemoryLockoutStore(Date.now),
    secrets: ['a secret of at least 32 bytes, drawn at random'],
    labels: true,
    deliverTo: () => ['mail'],
    policies: definePolicies([{ name: 'account', threshold: 1, schedule: { kind: 'indefinite' } }]),
  });
  for (let n = 0; n < 12; n += 1)
    await engine.protect({ account: `account-${n}`, method: 'password' }, () => false);
  const sink = createMailSink(engine, options, { ...openTransport(options.transport), longestMs: 200 });
  const { outbox } = engine;
  if (outbox === null) throw new Error('The store keeps no deliveries.');
  const dispatcher = new EventDispatcher({
    outbox,
    accounts: engine.accounts,
    sinks: [sink],
    clock: systemClock,
    random: () => 0.5,
    freshToken: () => 'ab'.repeat(16),
    timeoutMs: 3_000,
    leaseMs: 10_000,
  });
  await dispatcher.runOnce();
  expect(begun).toBe(5);
  const { items } = await outbox.deliveries({ state: 'waiting', limit: 20 });
  expect(
    items.map(({ tries, problem }) => `${tries} ${problem}`).toSorted((a, b) => a.localeCompare(b)),
  ).toEqual([
    ...Array.from({ length: 5 }, () => '0 The mail server did not take the mail in time.'),
    ...Array.from({ length: 7 }, () => '0 The mail server is busy with other mails.'),
  ]);
});
