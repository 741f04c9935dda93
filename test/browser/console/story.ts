import { type DemoStage, type StageOptions, type Target } from '../../e2e/demo/demo-stage.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** When it is over: what the pictures show as now. */
const END = Date.UTC(2026, 0, 15, 14, 20);
const STEP = 30 * MINUTE;

/** Three policies, as a careful application has them: at one address soon, anywhere later, the address by itself last. */
export const STORY: StageOptions = {
  now: END - 24 * HOUR,
  policies: [
    {
      name: 'account-at-address',
      scope: ['account', 'address'],
      threshold: 5,
      window: { kind: 'sliding', durationMs: HOUR },
      schedule: { kind: 'fixed', durationMs: 30 * MINUTE },
      afterLock: 'fresh-budget-at-end',
    },
    {
      name: 'account',
      scope: ['account'],
      threshold: 10,
      window: { kind: 'idle', durationMs: 24 * HOUR },
      schedule: {
        kind: 'exponential',
        initialMs: 5 * MINUTE,
        factor: 2,
        maximumMs: 24 * HOUR,
        by: 'lockouts',
      },
      afterLock: 'relock-on-next-failure',
    },
    {
      name: 'address',
      counts: ['password'],
      scope: ['address'],
      threshold: 30,
      window: { kind: 'sliding', durationMs: HOUR },
      schedule: { kind: 'fixed', durationMs: HOUR },
      afterLock: 'fresh-budget-at-end',
    },
  ],
};

const OFFICE = '198.51.100.23';
const HOME = '203.0.113.80';
const ATTACKERS = ['192.0.2.66', '203.0.113.7', '2001:db8:7:1::15'];
const CROWD = ['frida', 'gustav', 'hana', 'ivan', 'jonas', 'kira', 'liam', 'nadia', 'oscar', 'paula'];

/** How many of the crowd are guessed at in each half hour of the day, and how often they go on when they are locked. */
const TIDE = [
  0, 1, 0, 0, 1, 0, 2, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 2, 4, 7, 9, 8, 5, 3, 2, 1, 1, 0,
  1, 2, 1, 0, 0, 1, 0, 0, 2, 1, 0,
];

/** A day in which little happens, then an attack, and then the people who call about it. */
export async function tellStory(stage: DemoStage): Promise<void> {
  const start = stage.now;
  for (const [step, guesses] of TIDE.entries()) {
    const targets: readonly Target[] = CROWD.slice(0, guesses).map((username, n) => ({
      username,
      address: ATTACKERS[(step + n) % ATTACKERS.length] ?? HOME,
    }));
    await stage.fail(targets, 6);
    for (let more = 0; more < guesses; more += 1) await stage.fail(targets, 1);
    stage.advance(start + (step + 1) * STEP - stage.now);
    await stage.sweep();
  }
  stage.advance(END - 25 * MINUTE - stage.now);
  await stage.fail(
    [
      { username: 'carol', address: OFFICE },
      { username: 'olga', address: HOME },
    ],
    6,
  );
  await stage.lockByHand({ username: 'erin' });
  stage.advance(9 * MINUTE);
  await stage.lockAddresses(ATTACKERS.slice(0, 2));
  await stage.fail([{ realm: 'it', username: 'frank', address: OFFICE }], 6);
  await (await stage.administrator()).unlock('carol');
  stage.advance(12 * MINUTE);
  for (const address of [HOME, OFFICE]) await stage.fail([{ username: 'alice', address }], 6);
  await stage.fail([{ username: 'bob', address: HOME }], 6);
  await stage.sweep();
  stage.advance(END - stage.now);
}
