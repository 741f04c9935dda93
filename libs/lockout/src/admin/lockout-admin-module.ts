import {
  type DynamicModule,
  Inject,
  Module,
  type ModuleMetadata,
  type NestModule,
  type Provider,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { accountsController } from './accounts-controller.js';
import { addressesController } from './addresses-controller.js';
import { AdminGuards } from './admin-guards.js';
import {
  DEFAULT_ADMIN_PATH,
  LOCKOUT_ADMIN_OPTIONS,
  LOCKOUT_ADMIN_PATH,
  type LockoutAdminAsyncOptions,
  type LockoutAdminOptions,
  resolveAdminOptions,
} from './admin-options.js';
import { ConsoleBuild } from './console/console-build.js';
import { consoleController } from './console/console-controller.js';
import { deliveriesController } from './deliveries-controller.js';
import { eventsController } from './events-controller.js';
import { explainController } from './explain-controller.js';
import { meController } from './me-controller.js';
import { openapiController } from './openapi/openapi-controller.js';
import { overviewController } from './overview-controller.js';
import { policiesController } from './policies-controller.js';
import { recordsController } from './records-controller.js';
import { simulateController } from './simulate-controller.js';
import { EventExports } from './stream/event-exports.js';
import { eventStreamController } from './stream/event-stream-controller.js';
import { EventStreams } from './stream/event-streams.js';
import {
  declareAccountRoutes,
  declareAddressRoutes,
  declareConsoleRoutes,
  declarePolicyRoutes,
} from './wildcard-routes.js';

const ACCOUNTS_CONTROLLER = Symbol('LOCKOUT_ADMIN_ACCOUNTS_CONTROLLER');
const ADDRESSES_CONTROLLER = Symbol('LOCKOUT_ADMIN_ADDRESSES_CONTROLLER');
const POLICIES_CONTROLLER = Symbol('LOCKOUT_ADMIN_POLICIES_CONTROLLER');
const CONSOLE_CONTROLLER = Symbol('LOCKOUT_ADMIN_CONSOLE_CONTROLLER');

/**
 * The admin API: see, lift and set locks, and change policies. Needs `LockoutModule` and at least one guard. May be imported several times
 * with different paths, guards and permissions (one console a realm: OS-8).
 */
@Module({})
export class LockoutAdminModule implements NestModule {
  constructor(
    @Inject(ACCOUNTS_CONTROLLER) private readonly accounts: Type<unknown>,
    @Inject(ADDRESSES_CONTROLLER) private readonly addresses: Type<unknown>,
    @Inject(POLICIES_CONTROLLER) private readonly policies: Type<unknown>,
    @Inject(CONSOLE_CONTROLLER) private readonly console: Type<unknown>,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  /**
   * @throws {LockoutConfigError} no guard, no `actor`, or another wrong option; each problem with its fix.
   */
  static forRoot<Request = unknown>(options: LockoutAdminOptions<Request>): DynamicModule {
    const path = options?.path;
    return mount(path, { provide: LOCKOUT_ADMIN_OPTIONS, useValue: resolveAdminOptions(options) }, []);
  }

  /** As {@link forRoot}, with options that come from elsewhere; what is wrong with them ends the start. */
  static forRootAsync<Request = unknown>({
    path,
    imports = [],
    inject = [],
    useFactory,
  }: LockoutAdminAsyncOptions<Request>): DynamicModule {
    const factory = async (...dependencies: never[]) =>
      resolveAdminOptions(await useFactory(...dependencies));
    return mount(path, { provide: LOCKOUT_ADMIN_OPTIONS, inject, useFactory: factory }, imports);
  }

  /** The last moment before routes are registered, and the first when the HTTP adapter is known for certain. */
  configure(): void {
    const adapter = this.host.httpAdapter.getType();
    declareAccountRoutes(this.accounts, adapter);
    declareAddressRoutes(this.addresses, adapter);
    declarePolicyRoutes(this.policies, adapter);
    declareConsoleRoutes(this.console, adapter);
  }
}

function mount(
  path = DEFAULT_ADMIN_PATH,
  options: Provider,
  imports: NonNullable<ModuleMetadata['imports']>,
): DynamicModule {
  const accounts = accountsController(path);
  const addresses = addressesController(path);
  const policies = policiesController(path);
  const console = consoleController(path);
  return {
    module: LockoutAdminModule,
    imports,
    controllers: [
      accounts,
      addresses,
      recordsController(path),
      eventsController(path),
      eventStreamController(path),
      deliveriesController(path),
      policies,
      meController(path),
      overviewController(path),
      explainController(path),
      simulateController(path),
      openapiController(path),
      console,
    ],
    providers: [
      options,
      AdminGuards,
      ConsoleBuild,
      EventStreams,
      EventExports,
      { provide: LOCKOUT_ADMIN_PATH, useValue: path },
      { provide: ACCOUNTS_CONTROLLER, useValue: accounts },
      { provide: ADDRESSES_CONTROLLER, useValue: addresses },
      { provide: POLICIES_CONTROLLER, useValue: policies },
      { provide: CONSOLE_CONTROLLER, useValue: console },
    ],
  };
}
