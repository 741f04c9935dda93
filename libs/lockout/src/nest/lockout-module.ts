import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, DiscoveryModule } from '@nestjs/core';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { createEngine } from './engine-provider.js';
import { eventEmitterSink } from './event-emitter-bridge.js';
import { listenerSinks } from './event-listeners.js';
import { ApplicationSurvey, LockoutChecks } from './lockout-checks.js';
import { LockoutEdge } from './lockout-edge.js';
import { LockoutExceptionFilter } from './lockout-exception-filter.js';
import { LockoutNotifier } from './lockout-notifier.js';
import {
  LOCKOUT_OPTIONS,
  type LockoutModuleAsyncOptions,
  type LockoutModuleOptions,
} from './lockout-options.js';
import { NodeWatch } from './node-watch.js';
import { bindStrategy, protectionOf } from './protected-strategy.js';
import { assertFingerprints } from './secret-fingerprints.js';
import { SinkBook } from './sink-book.js';
import { SweepTimer } from './sweep-timer.js';

const PROVIDERS: Provider[] = [
  {
    provide: LockoutEngine,
    inject: [LOCKOUT_OPTIONS, ApplicationSurvey, SinkBook],
    useFactory: createEngine,
  },
  {
    provide: SinkBook,
    inject: [LOCKOUT_OPTIONS],
    useFactory: (options: LockoutModuleOptions) => new SinkBook(options),
  },
  ApplicationSurvey,
  LockoutChecks,
  LockoutEdge,
  LockoutNotifier,
  NodeWatch,
  SweepTimer,
  { provide: APP_FILTER, useClass: LockoutExceptionFilter },
];

/**
 * Account lockout for the whole application: import it once, with `forRoot` or `forRootAsync`; it is global and
 * provides {@link LockoutEngine}. At start it checks the set-up and refuses to run with errors (LockoutConfigError).
 */
@Module({})
export class LockoutModule
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  constructor(
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
    @Inject(LockoutChecks) private readonly checks: LockoutChecks,
    @Inject(ApplicationSurvey) private readonly survey: ApplicationSurvey,
    @Inject(LockoutEdge) private readonly edge: LockoutEdge,
    @Inject(SweepTimer) private readonly sweepTimer: SweepTimer,
    @Inject(NodeWatch) private readonly nodes: NodeWatch,
    @Inject(LockoutNotifier) private readonly notifier: LockoutNotifier,
  ) {}

  static forRoot(options: LockoutModuleOptions): DynamicModule {
    return LockoutModule.with([], { provide: LOCKOUT_OPTIONS, useValue: options });
  }

  static forRootAsync(options: LockoutModuleAsyncOptions): DynamicModule {
    return LockoutModule.with(options.imports ?? [], {
      provide: LOCKOUT_OPTIONS,
      inject: options.inject ?? [],
      useFactory: options.useFactory as FactoryProvider['useFactory'],
    });
  }

  private static with(imports: NonNullable<DynamicModule['imports']>, options: Provider): DynamicModule {
    return {
      module: LockoutModule,
      global: true,
      imports: [DiscoveryModule, ...imports],
      providers: [options, ...PROVIDERS],
      exports: [LockoutEngine, LockoutChecks, LockoutEdge, LockoutNotifier, NodeWatch],
    };
  }

  async onModuleInit(): Promise<void> {
    this.checks.run();
    await assertFingerprints(this.engine);
    await this.checks.look();
    const instances = this.survey.instances();
    const emitter = eventEmitterSink(instances);
    for (const sink of listenerSinks(instances, (prototype) => this.survey.methodsOf(prototype))) {
      this.notifier.add(sink);
    }
    // Nobody asked for it, so a store without an outbox is no mistake.
    if (emitter && this.notifier.outbox) this.notifier.add(emitter);
    for (const instance of instances) {
      const strategy = protectionOf(instance);
      if (strategy) bindStrategy(instance, strategy, this.edge);
    }
  }

  onApplicationBootstrap(): void {
    this.sweepTimer.start();
    this.notifier.start();
  }

  /** Listeners may still be told here, and not later. */
  async onModuleDestroy(): Promise<void> {
    this.sweepTimer.stop();
    await this.notifier.stop();
  }

  /** Stores close after this. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.nodes.farewell();
  }
}
