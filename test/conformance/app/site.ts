import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import {
  LockoutEngine,
  LockoutModule,
  type LockoutModuleOptions,
  LockoutNotifier,
  type LockoutSink,
} from 'nestjs-lockout';
import { LockoutAdminModule, type LockoutAdminOptions } from 'nestjs-lockout/admin';
import type { LockoutPolicy } from 'nestjs-lockout/policy';
import { LockoutTypeormModule, lockoutEntities, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import type { TestDatabase } from '../../support/databases.js';
import { Authenticators, KINDS } from './authenticators.js';
import { HealthController } from './health.controller.js';
import type { MovingClock } from './moving-clock.js';
import { PasswordResetController } from './password-reset.controller.js';
import { People, USER_PROVIDER, type UserProvider } from './people.js';
import { PostOffice } from './post-office.js';
import { ProfileController } from './profile.controller.js';
import { realmOf } from './request-facts.js';
import { SessionGuard, Sessions, type SignedInRequest } from './sessions.js';
import { codeSignIn, passwordSignIn } from './sign-in.js';

const SECRET = 'mU3qfvZp9wYt0kXrLh7NbQe5sJd2GcAaVoTi1EyC8Bs';

/** A console of the application: an admin API of its own, for its realms. */
export type Console = Omit<LockoutAdminOptions<SignedInRequest>, 'guards' | 'actor'>;

/** What one application is made of, beside the database, the clock and the people it shares with others. */
export interface SiteOptions {
  readonly policies: readonly LockoutPolicy[];
  readonly brands?: Readonly<Record<string, readonly LockoutPolicy[]>>;
  /** Beside the one at `lockout`, which is for administrators of everything. */
  readonly consoles?: (people: People) => readonly Console[];
  /** Where its events go beside {@link PostOffice}. */
  readonly sinks?: readonly LockoutSink[];
  /** Another place to find people and verify passwords (OS-27). */
  readonly provider?: (people: People) => UserProvider;
}

/** What several processes of one application share. */
export interface Grounds {
  readonly database: TestDatabase;
  readonly clock: MovingClock;
  readonly people: People;
}

/** The permission of an administrator of everything. */
export const ADMINISTRATOR = 'administrator';

const rootConsole: Console = {
  path: 'lockout',
  can: (_action, _realm, { person }) => person.permissions.has(ADMINISTRATOR),
};

/** So that several applications of one process have a Passport strategy each. */
let sites = 0;

@Module({})
class SiteModule {
  static of(options: SiteOptions, { database, clock, people }: Grounds): DynamicModule {
    const type = database.options.type;
    sites += 1;
    const password = passwordSignIn(`local-${sites}`);
    const post = new PostOffice();
    const provider = options.provider?.(people) ?? people;
    const consoles = [rootConsole, ...(options.consoles?.(people) ?? [])];
    return {
      module: SiteModule,
      imports: [
        TypeOrmModule.forRoot({
          ...database.options,
          entities: lockoutEntities(type),
        } as TypeOrmModuleOptions),
        LockoutModule.forRootAsync({
          imports: [LockoutTypeormModule.forRoot({ clock: clock.now })],
          inject: [TypeormLockoutStore],
          useFactory: (store: TypeormLockoutStore): LockoutModuleOptions => ({
            store,
            clock,
            secrets: [SECRET],
            policies: options.policies,
            ...(options.brands ? { brands: options.brands } : {}),
            findAccount: async (identifier, request) =>
              (await provider.find(realmOf(request), identifier))?.id ?? null,
            labels: true,
            onEvent: post.onEvent,
            ...(options.sinks ? { sinks: options.sinks } : {}),
          }),
        }),
        ...consoles.map((console) =>
          LockoutAdminModule.forRoot<SignedInRequest>({
            ...console,
            guards: [SessionGuard],
            actor: ({ person }) => person.name,
          }),
        ),
      ],
      providers: [
        password.strategy,
        Sessions,
        SessionGuard,
        { provide: People, useValue: people },
        { provide: USER_PROVIDER, useValue: provider },
        { provide: PostOffice, useValue: post },
        { provide: Authenticators, useValue: new Authenticators(clock) },
      ],
      controllers: [
        password.controller,
        ...KINDS.map(codeSignIn),
        ProfileController,
        PasswordResetController,
        HealthController,
      ],
    };
  }
}

/** One running application on a real port. */
export class Site {
  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
    readonly grounds: Grounds,
  ) {}

  static async start(options: SiteOptions, grounds: Grounds): Promise<Site> {
    const app = await NestFactory.create<NestExpressApplication>(SiteModule.of(options, grounds), {
      logger: false,
      abortOnError: false,
    });
    // Behind one proxy: visitors' addresses are in X-Forwarded-For.
    app.set('trust proxy', 1);
    try {
      await app.listen(0, '127.0.0.1');
    } catch (error) {
      await app.close();
      throw error;
    }
    return new Site(app, await app.getUrl(), grounds);
  }

  get post(): PostOffice {
    return this.app.get(PostOffice);
  }

  get authenticators(): Authenticators {
    return this.app.get(Authenticators);
  }

  get engine(): LockoutEngine {
    return this.app.get(LockoutEngine);
  }

  /** Delivers everything to its sinks that is due. */
  async deliver(): Promise<void> {
    await this.app.get(LockoutNotifier).runOnce();
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
