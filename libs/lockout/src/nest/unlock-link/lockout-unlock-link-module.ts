import {
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { LockoutEngine } from '../../engine/lockout-engine.js';
import { LockoutConfigError } from '../../engine/lockout-error.js';
import { unlockLinkController } from './unlock-link-controller.js';
import {
  type LockoutUnlockLinkOptions,
  resolveUnlockLinkOptions,
  UNLOCK_LINK_OPTIONS,
} from './unlock-link-options.js';
import { refuseUnreadable } from './unreadable-bodies.js';

const UNLOCK_LINK_CONTROLLER = Symbol('nestjs-lockout unlock link controller');

/**
 * The page that an unlock link leads to: `GET <path>?token=…` shows it, `POST <path>` unlocks. Needs `LockoutModule`, with a
 * store that keeps unlock links; the links are made by `engine.unlockLinks.issue`.
 */
@Module({})
export class LockoutUnlockLinkModule implements NestModule, OnModuleInit {
  constructor(
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
    @Inject(UNLOCK_LINK_CONTROLLER) private readonly controller: Type<unknown>,
  ) {}

  /** @throws LockoutConfigError with everything that is wrong with the options. */
  static forRoot(options: LockoutUnlockLinkOptions = {}): DynamicModule {
    const resolved = resolveUnlockLinkOptions(options);
    const controller = unlockLinkController(resolved.path, resolved.decorators);
    return {
      module: LockoutUnlockLinkModule,
      controllers: [controller],
      providers: [
        { provide: UNLOCK_LINK_OPTIONS, useValue: resolved },
        { provide: UNLOCK_LINK_CONTROLLER, useValue: controller },
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(refuseUnreadable).forRoutes(this.controller);
  }

  onModuleInit(): void {
    if (this.engine.unlockLinks.isSupported) return;
    throw new LockoutConfigError([
      'LockoutUnlockLinkModule: the store keeps no unlock links, so that none could ever be used. Use a store of this ' +
        'release, or implement UnlockLinkStore and Quotas in yours.',
    ]);
  }
}
