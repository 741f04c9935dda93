import { type DynamicModule, Module } from '@nestjs/common';
import type { Clock } from './clock.js';
import type { DemoConfig } from './demo-config.js';
import { ListeningPlace } from './listening-place.js';

export const DEMO_CONFIG = Symbol('DEMO_CONFIG');
export const CLOCK = Symbol('CLOCK');
/** What links in mails begin with, without a slash at the end. */
export const PUBLIC_URL = Symbol('PUBLIC_URL');

/** Settings, time and place, for every module. */
@Module({})
export class ConfigModule {
  static register(config: DemoConfig, clock: Clock, place: ListeningPlace): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [
        { provide: DEMO_CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
        { provide: PUBLIC_URL, useValue: place.url },
        { provide: ListeningPlace, useValue: place },
      ],
      exports: [DEMO_CONFIG, CLOCK, PUBLIC_URL, ListeningPlace],
    };
  }
}
