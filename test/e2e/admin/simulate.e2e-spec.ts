import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SimulateAnswer } from 'nestjs-lockout/admin';
import {
  definePolicy,
  lintPolicy,
  minutes,
  reachFive,
  type SimulatedStep,
  simulate,
} from 'nestjs-lockout/policy';
import { type AdminApp, PLATFORMS, startAdminApp } from './admin-app.js';
import { viewed } from './viewed.js';

const START = Date.parse('2026-03-01T00:00:00.000Z');
const two = { name: 'login', threshold: 2, schedule: { kind: 'fixed', durationMs: minutes(1) } };

describe.each(PLATFORMS)('simulating on %s', (platform) => {
  let admin: AdminApp;
  beforeEach(async () => {
    admin = await startAdminApp({ platform });
  });
  afterEach(() => admin.close());

  const play = (body: unknown) => admin.post('/lockout/simulate', body);
  const simulated = async (body: unknown): Promise<SimulateAnswer> => viewed(await play(body));

  it('plays each step under each policy, by the rule itself', async () => {
    const [reach = definePolicy(two as never)] = reachFive();
    const types: readonly SimulatedStep['type'][] = [
      ...(['failure', 'failure', 'abandoned', 'failure', 'first-factor', 'failure', 'success'] as const),
      ...(['complete', 'unlock', 'failure', 'reset-password', 'nothing'] as const),
    ];
    const steps = types.map((type, index) => ({ at: START + index * 1000, type })) as SimulatedStep[];
    const { limits: _, ...sent } = reach;
    const { results } = await simulated({ policies: [two, sent], steps });
    expect(results.map(({ policy }) => policy)).toEqual(['login', reach.name]);
    for (const [index, policy] of [definePolicy(two as never), reach].entries()) {
      const real = simulate(policy, steps);
      expect(results[index]?.warnings).toEqual(JSON.parse(JSON.stringify(lintPolicy(policy))));
      expect(
        results[index]?.outcomes.map(({ failures, escalation, remaining }) => ({
          ...{ failures, escalation, remaining },
        })),
      ).toEqual(real.map(({ failures, escalation, remaining }) => ({ failures, escalation, remaining })));
      expect(results[index]?.outcomes.map(({ decision }) => decision?.allowed ?? null)).toEqual(
        real.map(({ decision }) => decision?.allowed ?? null),
      );
    }
  });

  it('answers in times as ISO-8601, whichever way they came', async () => {
    const steps = [
      { at: '2026-03-01T01:00:00+01:00', type: 'failure' },
      { at: START, type: 'failure', method: 'password', from: 'A' },
      { at: '2026-03-01T00:00:30Z', type: 'success' },
    ];
    const { results } = await simulated({ policy: two, steps });
    expect(results[0]?.outcomes).toEqual([
      {
        at: '2026-03-01T00:00:00.000Z',
        decision: { allowed: true, remaining: 1 },
        events: [],
        ...{ failures: 1, escalation: 0, lock: null, remaining: 1 },
      },
      {
        at: '2026-03-01T00:00:00.000Z',
        decision: { allowed: true, remaining: 0 },
        events: [
          {
            ...{ type: 'locked', at: '2026-03-01T00:00:00.000Z', until: '2026-03-01T00:01:00.000Z' },
            ...{ cause: 'failures', failures: 2, escalation: 1, step: 0, by: null, reason: null },
            change: 'locked',
            previousFailureAt: '2026-03-01T00:00:00.000Z',
          },
        ],
        ...{ failures: 2, escalation: 1, remaining: 0 },
        lock: {
          ...{ since: '2026-03-01T00:00:00.000Z', until: '2026-03-01T00:01:00.000Z', cause: 'failures' },
        },
      },
      {
        at: '2026-03-01T00:00:30.000Z',
        decision: {
          ...{ allowed: false, reason: 'locked', retryAt: '2026-03-01T00:01:00.000Z' },
          ...{ cause: 'failures', step: 0 },
        },
        events: [],
        ...{ failures: 2, escalation: 1, remaining: 0 },
        lock: {
          ...{ since: '2026-03-01T00:00:00.000Z', until: '2026-03-01T00:01:00.000Z', cause: 'failures' },
        },
      },
    ]);
  });

  it('without steps only lints, and two drafts may have one name', async () => {
    const { results } = await simulated({ policies: [two, { ...two, threshold: 200 }], steps: [] });
    expect(results.map(({ outcomes }) => outcomes)).toEqual([[], []]);
    expect(results[1]?.warnings.map(({ id }) => id)).toContain('LCK110');
  });

  it('names everything that is wrong with the policies at once: 422', async () => {
    const wrong = await play({
      policies: [two, { ...two, threshold: 0, colour: 'red' }, { name: '' }],
      steps: [],
    });
    expect(wrong.status).toBe(422);
    const paths = wrong.body.errors.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['policies[1].threshold', 'policies[1].colour']));
    expect(paths.some((path) => path.startsWith('policies[2]'))).toBe(true);
    expect(wrong.body.errors[0]).toEqual({
      ...{ path: expect.any(String), message: expect.any(String), hint: expect.any(String) },
    });
  });

  it('names everything that is wrong with the request at once: 400', async () => {
    const pathsOf = async (body: unknown) => {
      const answer = await play(body);
      expect(answer.status).toBe(400);
      return answer.body.errors.map(({ path }) => path);
    };
    const steps = [
      { at: START, type: 'explode' },
      { at: 'noon', type: 'failure' },
      { at: -1, type: 'failure', method: '' },
      { at: START, type: 'failure', colour: 'red' },
    ];
    expect((await pathsOf({ policy: two, steps })).sort()).toEqual([
      ...['steps.0.type', 'steps.1.at', 'steps.2.at', 'steps.2.method', 'steps.3'],
    ]);
    const back = [
      { at: START, type: 'failure' },
      { at: START - 1, type: 'failure' },
    ];
    expect(await pathsOf({ policy: two, steps: back })).toEqual(['steps.1.at']);
    expect(await pathsOf({ steps: [] })).toEqual(['']);
    expect(await pathsOf({ policy: two, policies: [two], steps: [] })).toEqual(['']);
    expect(await pathsOf({ policy: 'login', steps: [] })).toEqual(['policy']);
    expect(await pathsOf({ policies: Array(11).fill(two), steps: [] })).toEqual(['policies']);
    const many = Array.from({ length: 1001 }, () => ({ at: START, type: 'nothing' }));
    expect(await pathsOf({ policy: two, steps: many })).toEqual(['steps']);
    expect((await play({ policy: two, steps: many.slice(1) })).status).toBe(200);
  });

  it('is for whoever may view policies, and no other site can ask it', async () => {
    const bare = await admin.post(
      '/lockout/simulate',
      { policy: two, steps: [] },
      { 'x-lockout-admin': undefined },
    );
    expect(bare.status).toBe(403);
    await admin.close();
    admin = await startAdminApp({ platform, admin: { can: (_, realm) => realm !== '*' } });
    expect((await play({ policy: two, steps: [] })).status).toBe(403);
  });

  it('changes nothing', async () => {
    await simulated({ policy: two, steps: [{ at: START, type: 'failure' }] });
    expect((await admin.get('/lockout/accounts?state=any')).body.items).toEqual([]);
    expect((await admin.get('/lockout/events')).body.items).toEqual([]);
  });
});
