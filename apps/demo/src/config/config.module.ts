import { type DynamicModule, Module } from '@nestjs/common';
import type { Clock } from './clock.js';
import type { DemoConfig } from './demo-config.js';

export const DEMO_CONFIG = Symbol('DEMO_CONFIG');
export const CLOCK = Symbol('CLOCK');

/** Settings and time, for every module. */
@Module({})
export class ConfigModule {
  static register(config: DemoConfig, clock: Clock): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [
        { provide: DEMO_CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
      ],
      exports: [DEMO_CONFIG, CLOCK],
    };
  }
}
