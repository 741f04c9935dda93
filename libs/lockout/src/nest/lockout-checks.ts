import cluster from 'node:cluster';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DiscoveryService, HttpAdapterHost, MetadataScanner } from '@nestjs/core';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { LockoutConfigError } from '../engine/lockout-error.js';
import { type CheckResult, describeCheck } from './checks/check.js';
import { type DiscoveredClass, handlerChecks } from './checks/handler-checks.js';
import { listenerChecks } from './checks/listener-checks.js';
import type { NodeDifference } from './checks/node-differences.js';
import { optionChecks } from './checks/option-checks.js';
import { platformChecks } from './checks/platform-checks.js';
import { policyChecks } from './checks/policy-checks.js';
import { runningChecks } from './checks/running-checks.js';
import { scopedStrategyChecks, strategyChecks } from './checks/strategy-checks.js';
import { LOCKOUT_OPTIONS, type LockoutModuleOptions } from './lockout-options.js';
import { NodeWatch } from './node-watch.js';
import { protectionOf } from './protected-strategy.js';

/** As much of Nest's wrapper of a provider as is asked. */
interface Scoped {
  readonly isTransient: boolean;
  isDependencyTreeStatic(): boolean;
}

const isSingleton = (wrapper: Scoped): boolean => !wrapper.isTransient && wrapper.isDependencyTreeStatic();

/** Looks at the application as Nest has put it together. */
@Injectable()
export class ApplicationSurvey {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** Controllers and providers by class; needs no instances. */
  classes(): readonly DiscoveredClass[] {
    const types = new Set<DiscoveredClass['type']>();
    for (const { metatype } of [...this.discovery.getControllers(), ...this.discovery.getProviders()]) {
      if (typeof metatype === 'function' && metatype.prototype)
        types.add(metatype as DiscoveredClass['type']);
    }
    return Array.from(types, (type) => ({
      type,
      methods: this.scanner.getAllMethodNames(type.prototype as object),
    }));
  }

  /** Every provider that is a single object. */
  instances(): readonly object[] {
    const instances = new Set<object>();
    for (const wrapper of this.discovery.getProviders()) {
      const instance: unknown = isSingleton(wrapper) ? wrapper.instance : null;
      if (typeof instance === 'object' && instance !== null) instances.add(instance);
    }
    return Array.from(instances);
  }

  /** Names of the methods of a class, inherited ones too. */
  methodsOf(prototype: object): readonly string[] {
    return this.scanner.getAllMethodNames(prototype);
  }

  /** Protected strategies of which there is more than one object, made when they are asked for. */
  scopedStrategies(): readonly DiscoveredClass['type'][] {
    const types = this.discovery
      .getProviders()
      .flatMap((wrapper) => (isSingleton(wrapper) ? [] : [wrapper.metatype]))
      .filter((type): type is DiscoveredClass['type'] => {
        const prototype: unknown = typeof type === 'function' ? type.prototype : null;
        return typeof prototype === 'object' && prototype !== null && protectionOf(prototype) !== null;
      });
    return Array.from(new Set(types));
  }

  /** How many engines there are. */
  engines(): number {
    return this.discovery.getProviders().filter(({ token, isAlias }) => token === LockoutEngine && !isAlias)
      .length;
  }

  get adapter() {
    return this.adapterHost.httpAdapter;
  }
}

/** Everything that can be said before any instance exists. */
export function checksOfDefinitions(
  options: LockoutModuleOptions,
  survey: ApplicationSurvey,
): readonly CheckResult[] {
  const surroundings = {
    isProduction: process.env['NODE_ENV'] === 'production',
    isClusterWorker: cluster.isWorker,
  };
  const results = [...optionChecks(options, surroundings), ...handlerChecks(survey.classes(), options)];
  if (survey.engines() > 1) {
    results.push({
      id: 'LCK005',
      level: 'error',
      subject: 'LockoutModule',
      message: 'It is set up more than once, which makes several engines that know nothing of each other.',
      hint: 'Call forRoot or forRootAsync once; the module is global.',
    });
  }
  return results;
}

/** What the checks found: at start, and what may come and go while running. */
@Injectable()
export class LockoutChecks {
  private found: readonly CheckResult[] = [];
  /** Those of the last look. */
  private running: readonly CheckResult[] = [];
  private differences: readonly NodeDifference[] = [];
  private failing = false;
  private readonly logger = new Logger('Lockout');

  constructor(
    @Inject(LOCKOUT_OPTIONS) private readonly options: LockoutModuleOptions,
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
    @Inject(ApplicationSurvey) private readonly survey: ApplicationSurvey,
    @Inject(NodeWatch) private readonly nodes: NodeWatch,
  ) {}

  /**
   * Errors and warnings, silenced ones too; empty before the application is initialised. LCK016 is there while it lasts,
   * as of the last round of sweeping (without rounds: as of the start), LCK017 while a save is ignored.
   */
  get results(): readonly CheckResult[] {
    return [...this.found, ...runningChecks(this.differences, this.engine.policies.ignored)];
  }

  /**
   * Runs all checks and logs the warnings.
   * @throws LockoutConfigError with every error at once.
   */
  run(): void {
    const { options, survey } = this;
    const sets = [null, ...Object.keys(this.engine.options.brands ?? {})].map((brand) => ({
      brand,
      policies: this.engine.policies.forBrand(brand ?? undefined),
    }));
    this.found = Object.freeze([
      ...checksOfDefinitions(options, survey),
      ...policyChecks(sets),
      ...strategyChecks(survey.instances(), options.findAccount),
      ...scopedStrategyChecks(survey.scopedStrategies()),
      ...listenerChecks(survey.classes(), survey.instances()),
      ...platformChecks(survey.adapter),
    ]);
    const errors = this.found.filter(({ level }) => level === 'error');
    if (errors.length > 0) throw new LockoutConfigError(errors.map(describeCheck));
    for (const warning of this.found) {
      if (!this.isSilenced(warning)) this.logger.warn(describeCheck(warning));
    }
  }

  /**
   * Looks at what may change while running, and logs what came and what went. Never rejects: nothing that is decided
   * rests on it.
   */
  async look(): Promise<void> {
    try {
      await this.engine.policies.fresh();
      this.differences = await this.nodes.look();
      this.failing = false;
    } catch (error) {
      if ((await this.engine.confirmedStoreState()) === 'gone') return;
      const message = error instanceof Error ? error.message : String(error);
      if (!this.failing) this.logger.warn(`Other processes could not be looked at, and will be: ${message}`);
      this.failing = true;
    }
    const before = this.running.map(describeCheck);
    const now = runningChecks(this.differences, this.engine.policies.ignored);
    for (const check of now) {
      if (!before.includes(describeCheck(check)) && !this.isSilenced(check)) {
        this.logger.warn(describeCheck(check));
      }
    }
    for (const check of this.running) {
      const isOver = !now.some(({ id, subject }) => id === check.id && subject === check.subject);
      if (isOver && !this.isSilenced(check)) this.logger.log(`${check.id} (${check.subject}) is over.`);
    }
    this.running = now;
  }

  private isSilenced({ id, subject }: CheckResult): boolean {
    const silenced = this.options.silencedChecks ?? [];
    return silenced.includes(id) || silenced.includes(`${id}:${subject}`);
  }
}
