import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LOCKOUT_METRICS, type LockoutMetric } from 'nestjs-lockout/telemetry';
import { parse } from 'yaml';
import { Document, ROOT } from './document.js';

const read = (name: string): string => readFileSync(join(ROOT, 'docs/operations', name), 'utf8');
const metrics = Object.entries(LOCKOUT_METRICS as Readonly<Record<string, LockoutMetric>>);
const page = new Document('docs/operations/metrics.md').text;

/** As the collector's exporter names it: the unit is a word, what is counted is none; counters are totals. */
const prometheusName = (name: string, { kind, unit }: LockoutMetric): string =>
  `${name.replaceAll('.', '_')}${unit === 's' ? '_seconds' : ''}${kind === 'counter' ? '_total' : ''}`;
/** What Prometheus stores of it. */
const seriesOf = ([name, metric]: (typeof metrics)[number]): readonly string[] => {
  const stored = prometheusName(name, metric);
  return metric.kind === 'histogram'
    ? ['_bucket', '_sum', '_count'].map((part) => `${stored}${part}`)
    : [stored];
};
const labelsOf = new Map(
  metrics.flatMap((metric) =>
    seriesOf(metric).map((series) => [
      series,
      // `job` is of whoever scrapes.
      new Set(['job', 'le', ...metric[1].attributes.map((name) => name.replaceAll('.', '_'))]),
    ]),
  ),
);

/** What of an expression names no series or label that there is. */
function unknownIn(expr: string): readonly string[] {
  const series = expr.match(/\blockout_\w+/g) ?? [];
  const known = new Set(series.flatMap((name) => [...(labelsOf.get(name) ?? [])]));
  const labels = [
    ...Array.from(expr.matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)/g), ([, name = '']) => name),
    ...Array.from(expr.matchAll(/\bby\s*\(([^)]*)\)/g), ([, names = '']) => names.split(/\s*,\s*/)).flat(),
  ];
  return [...series.filter((name) => !labelsOf.has(name)), ...labels.filter((name) => !known.has(name))];
}

interface Target {
  readonly expr: string;
  readonly legendFormat: string;
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly Target[];
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook?: string };
}

const dashboard = JSON.parse(read('grafana-dashboard.json')) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly query: { readonly query: string } }[] };
};
const targets = dashboard.panels.flatMap((panel) => panel.targets);
const rules = (parse(read('alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);

describe('an expression', () => {
  it.each([
    ['rate(lockout_attempt_total[5m])', ['lockout_attempt_total']],
    ['lockout_decision_duration_seconds', ['lockout_decision_duration_seconds']],
    ['sum by (sink) (lockout_locks)', ['sink']],
    ['lockout_locks{account="1"}', ['account']],
    ['max by (of) (lockout_locks{job=~".+", of="account"})', []],
  ])('%s is wrong about %j', (expr, unknown) => {
    expect(unknownIn(expr)).toEqual(unknown);
  });
});

describe('the dashboard', () => {
  it.each(targets.map(({ expr }) => expr))('asks for what there is: %s', (expr) => {
    expect(expr).toMatch(/lockout_/);
    expect(unknownIn(expr)).toEqual([]);
  });

  it('shows every metric, and labels what it groups by', () => {
    const shown = targets.map(({ expr }) => expr).join('\n');
    for (const metric of metrics) {
      expect({ name: metric[0], isShown: seriesOf(metric).some((name) => shown.includes(name)) }).toEqual({
        name: metric[0],
        isShown: true,
      });
    }
    for (const { expr, legendFormat } of targets) {
      const used = Array.from(legendFormat.matchAll(/\{\{(\w+)\}\}/g), ([, name = '']) => name);
      for (const name of used) expect(expr).toMatch(new RegExp(`by \\([^)]*\\b${name}\\b`));
    }
    for (const { query } of dashboard.templating.list) expect(unknownIn(query.query)).toEqual([]);
  });

  it('says of each panel what it shows, and lets none overlap', () => {
    const cells = new Set<string>();
    for (const { title, description, gridPos } of dashboard.panels) {
      expect({ title, isSaid: description.length > 0 }).toEqual({ title, isSaid: true });
      const { x, y, w, h } = gridPos;
      expect(x + w).toBeLessThanOrEqual(24);
      for (let row = y; row < y + h; row += 1) {
        for (let column = x; column < x + w; column += 1) {
          expect(cells.has(`${column},${row}`)).toBe(false);
          cells.add(`${column},${row}`);
        }
      }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describe('the alerts', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s asks for what there is, and says what it is',
    (_, rule) => {
      expect(rule.expr).toMatch(/lockout_/);
      expect(unknownIn(rule.expr)).toEqual([]);
      expect(rule.labels.severity).toMatch(/^(?:page|ticket)$/);
      expect(rule.annotations.summary).toMatch(/\.$/);
      expect(rule.annotations.description).toMatch(/\.$/);
      // A label that the expression does not keep would be empty.
      for (const [, name = ''] of rule.annotations.summary.matchAll(/\$labels\.(\w+)/g)) {
        expect(rule.expr).toMatch(new RegExp(`by \\([^)]*\\b${name}\\b`));
      }
    },
  );

  it('have names of their own, and point at chapters that there are', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    const runbook = new Document('docs/operations/runbook.md').text;
    const chapters = Array.from(runbook.matchAll(/^## (.+)$/gm), ([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^a-z0-9 ]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const { annotations } of rules) {
      if (!annotations.runbook) continue;
      const [path, chapter] = annotations.runbook.split('#');
      expect(path).toBe('docs/operations/runbook.md');
      expect(chapters).toContain(chapter);
    }
  });
});

describe('metrics.md', () => {
  const rows = new Map(
    Array.from(
      page.matchAll(/^\| `(lockout\.[\w.]+)` \| (`lockout_\w+`.*) \|$/gm),
      ([, name = '', rest = '']) => [name, rest],
    ),
  );

  it('lists every metric, under its name in Prometheus, with every attribute', () => {
    expect([...rows.keys()].sort()).toEqual(metrics.map(([name]) => name).sort());
    for (const [name, metric] of metrics) {
      const [stored = '', , attributes = ''] = rows.get(name)?.split(' | ') ?? [];
      expect(stored).toBe(`\`${prometheusName(name, metric)}\``);
      for (const attribute of metric.attributes) expect(attributes).toContain(`\`${attribute}\``);
    }
  });
});
