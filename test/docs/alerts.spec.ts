// What operators load into their Prometheus, as Prometheus itself reads it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { hasProgram } from '../support/programs.js';
import { ROOT } from './document.js';

const PROMTOOL = {
  name: 'promtool',
  path: process.env['LOCKOUT_TEST_PROMTOOL'] ?? '/usr/bin/promtool',
  what: 'alerts and dashboard',
  advice: 'apt-get install prometheus, or set LOCKOUT_TEST_PROMTOOL',
};
const describeHere = hasProgram(PROMTOOL) ? describe : describe.skip;

const OPERATIONS = join(ROOT, 'docs/operations');
const read = (name: string): string => readFileSync(join(OPERATIONS, name), 'utf8');

/** What it said, where it was not content. */
function complaintOf(...command: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(PROMTOOL.path, command, { cwd: OPERATIONS, encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}
interface Panels {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

describeHere('Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockout-alerts-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The alerts beside their tests, with one expression that was changed. */
  const changed = (alert: string, change: (expr: string) => string): string => {
    const rules = parse(read('alerts.yml')) as Rules;
    const groups = rules.groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => (rule.alert === alert ? { ...rule, expr: change(rule.expr) } : rule)),
    }));
    writeFileSync(join(folder, 'alerts.yml'), stringify({ groups }));
    writeFileSync(join(folder, 'alerts.test.yml'), read('alerts.test.yml'));
    return join(folder, 'alerts.test.yml');
  };
  const alerts = (parse(read('alerts.yml')) as Rules).groups.flatMap(({ rules }) =>
    rules.map(({ alert }) => alert),
  );

  it('raises each alert when it should, and no other', () => {
    expect(complaintOf('check', 'rules', 'alerts.yml')).toBe('');
    expect(complaintOf('test', 'rules', 'alerts.test.yml')).toBe('');
  });

  it.each(alerts)('would be seen not to raise %s, and to raise it always', (alert) => {
    expect(
      complaintOf(
        'test',
        'rules',
        changed(alert, () => 'vector(1) > 2'),
      ),
    ).toContain(alert);
    expect(
      complaintOf(
        'test',
        'rules',
        changed(alert, () => 'vector(1)'),
      ),
    ).toContain(alert);
  });

  it('reads what every panel of the dashboard asks for', () => {
    const { panels } = JSON.parse(read('grafana-dashboard.json')) as Panels;
    // As Grafana fills them in.
    const asked = panels.flatMap(({ targets }) =>
      targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', '.+')),
    );
    expect(asked.length).toBeGreaterThan(10);
    const rules = asked.map((expr, n) => ({ record: `panel:${n}`, expr }));
    const file = join(folder, 'panels.yml');
    writeFileSync(file, stringify({ groups: [{ name: 'panels', rules }] }));
    expect(complaintOf('check', 'rules', file)).toBe('');
  });
});
