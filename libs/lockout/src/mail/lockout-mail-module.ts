import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { LockoutEngine } from '../engine/lockout-engine.js';
import { LockoutNotifier } from '../nest/lockout-notifier.js';
import { createMailSink } from './create-mail-sink.js';
import {
  type LockoutMailAsyncOptions,
  type LockoutMailOptions,
  type ResolvedMailOptions,
  resolveMailOptions,
} from './mail-options.js';
import { MailSink } from './mail-sink.js';
import { type OpenTransport, openTransport } from './mail-transport.js';

const MAIL_OPTIONS = Symbol('nestjs-lockout mail options');
const MAIL_TRANSPORT = Symbol('nestjs-lockout mail transport');

/**
 * Mails to the owners of accounts about what happened at them. Needs `LockoutModule` with `labels: true`, and a store that
 * keeps deliveries. Never in the path of a request: a dead mail server delays mails, and nothing else.
 */
@Module({})
export class LockoutMailModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(LockoutNotifier) private readonly notifier: LockoutNotifier,
    @Inject(MailSink) private readonly sink: MailSink,
    @Inject(MAIL_TRANSPORT) private readonly transport: OpenTransport,
  ) {}

  /** @throws {LockoutConfigError} with everything that is wrong: options, addresses, texts. */
  static forRoot(options: LockoutMailOptions): DynamicModule {
    resolveMailOptions(options);
    return LockoutMailModule.forRootAsync({ useFactory: () => options });
  }

  /** As {@link forRoot}, with options that come from elsewhere; what is wrong with them ends the start. */
  static forRootAsync({ imports = [], inject = [], useFactory }: LockoutMailAsyncOptions): DynamicModule {
    return {
      module: LockoutMailModule,
      imports,
      providers: [
        {
          provide: MAIL_OPTIONS,
          inject,
          useFactory: async (...dependencies: never[]): Promise<ResolvedMailOptions> =>
            resolveMailOptions(await useFactory(...dependencies)),
        },
        {
          provide: MAIL_TRANSPORT,
          inject: [MAIL_OPTIONS],
          useFactory: ({ transport }: ResolvedMailOptions): OpenTransport => openTransport(transport),
        },
        {
          provide: MailSink,
          inject: [LockoutEngine, MAIL_OPTIONS, MAIL_TRANSPORT],
          useFactory: createMailSink,
        },
      ],
      exports: [MailSink],
    };
  }

  onModuleInit(): void {
    this.notifier.add(this.sink);
  }

  /** After the last delivery has ended. */
  onApplicationShutdown(): void {
    this.transport.close();
  }
}
