import { type AnyHandlerOptions, HANDLER_OPTIONS } from '../handler-options.js';
import type { LockoutModuleOptions } from '../lockout-options.js';
import { isBareAccessor } from './account-source.js';
import type { CheckResult } from './check.js';

/** A class with its methods, as discovery finds them. */
export interface DiscoveredClass {
  readonly type: abstract new (...args: never[]) => unknown;
  readonly methods: readonly string[];
}

/** Metadata keys of Nest and its packages; not exported by all versions of them. */
const METADATA = {
  path: 'path',
  httpMethod: 'method',
  redirect: '__redirect__',
  sse: '__sse__',
  routeArguments: '__routeArguments__',
  passthrough: '__responsePassthrough__',
  graphqlResolver: 'graphql:resolver_type',
  socketMapping: 'websockets:message_mapping',
  rpcPattern: 'microservices:pattern',
} as const;

/** Kinds of route arguments by which a handler answers by itself: `@Res()` and `@Next()`. */
const OWN_ANSWER: readonly string[] = ['1', '2'];

const isHttpRoute = (handler: object): boolean =>
  Reflect.hasMetadata(METADATA.path, handler) && Reflect.hasMetadata(METADATA.httpMethod, handler);

const isMessageHandler = (handler: object): boolean =>
  [METADATA.graphqlResolver, METADATA.socketMapping, METADATA.rpcPattern].some((key) =>
    Reflect.hasMetadata(key, handler),
  );

function answersByItself(type: DiscoveredClass['type'], method: string): boolean {
  if (Reflect.getMetadata(METADATA.passthrough, type, method) === true) return false;
  const args: object = Reflect.getMetadata(METADATA.routeArguments, type, method) ?? {};
  return Object.keys(args).some((name) => OWN_ANSWER.includes(name.split(':')[0] ?? ''));
}

interface ProtectedHandler {
  readonly name: string;
  readonly type: DiscoveredClass['type'];
  readonly method: string;
  readonly handler: object;
  readonly options: AnyHandlerOptions;
  /** Whether `@Lockout()` stands on the method itself. */
  readonly isOwn: boolean;
}

function protectedHandlers({ type, methods }: DiscoveredClass): ProtectedHandler[] {
  const ofClass = Reflect.getMetadata(HANDLER_OPTIONS, type) as AnyHandlerOptions | undefined;
  return methods.flatMap((method) => {
    const handler: unknown = Reflect.get(type.prototype as object, method);
    if (typeof handler !== 'function') return [];
    const own = Reflect.getMetadata(HANDLER_OPTIONS, handler) as AnyHandlerOptions | undefined;
    const options = own ?? (isHttpRoute(handler) || isMessageHandler(handler) ? ofClass : undefined);
    return options
      ? [{ name: `${type.name}.${method}`, type, method, handler, options, isOwn: own !== undefined }]
      : [];
  });
}

function checkHandler(one: ProtectedHandler, module: LockoutModuleOptions): CheckResult[] {
  const { name, type, method, handler, options } = one;
  const http = isHttpRoute(handler);
  const results: CheckResult[] = [];
  const fail = (id: string, message: string, hint: string) =>
    results.push({ id, level: 'error', subject: name, message, hint });

  if (options.identifier && !module.findAccount) {
    fail(
      'LCK008',
      '@Lockout({ identifier }) needs a lookup, or every spelling of a name would have a budget of its own.',
      'Give LockoutModule findAccount, or use account.',
    );
  }
  if (!http && !isMessageHandler(handler)) {
    fail(
      'LCK012',
      '@Lockout() has no effect here: Nest runs guards and interceptors only for handlers.',
      'Put it on the handler, or wrap the verification in lockout.protect().',
    );
  } else if (!options.outcome && !http) {
    fail(
      'LCK009',
      'Outside HTTP no status tells whether the credential was right.',
      "Give @Lockout an outcome test: outcome: (ending) => 'success' | 'failure' | 'abandoned'.",
    );
  } else if (!options.outcome && Reflect.hasMetadata(METADATA.redirect, handler)) {
    fail(
      'LCK009',
      'A redirect does not tell whether the credential was right.',
      "Give @Lockout an outcome test: outcome: (ending) => 'success' | 'failure' | 'abandoned'.",
    );
  }
  if (http && answersByItself(type, method)) {
    fail(
      'LCK010',
      'With @Res() or @Next() the handler answers before the attempt is settled, so a lock set meanwhile comes too late.',
      'Use @Res({ passthrough: true }) and return the answer, or lockout.protect().',
    );
  }
  if (Reflect.hasMetadata(METADATA.sse, handler)) {
    fail(
      'LCK010',
      'An event stream is settled when it ends: until then nothing of it is sent, and its attempt stays in flight.',
      'Verify the credential in a handler of its own, or with lockout.protect() before the stream begins.',
    );
  }
  if (options.account && isBareAccessor(options.account)) {
    results.push({
      id: 'LCK011',
      level: 'warning',
      subject: name,
      message:
        'account hands on what was typed: databases find alice for álice, and each spelling gets its own budget.',
      hint: 'Use identifier with findAccount, or look the account up and answer its id.',
    });
  }
  return results;
}

/** Whether a success of such a handler, by its status alone, completes a sign-in. */
const clearsByStatus = ({ outcome, final }: AnyHandlerOptions): boolean => !outcome && final !== false;

/** A sign-in page that answers 200 would clear what guesses at the sign-in beside it have counted. */
function checkClass(type: DiscoveredClass['type'], handlers: readonly ProtectedHandler[]): CheckResult[] {
  const inheriting = handlers.filter(
    ({ isOwn, handler, options }) => !isOwn && isHttpRoute(handler) && clearsByStatus(options),
  );
  if (inheriting.length < 2) return [];
  const names = inheriting.map(({ method }) => method).join(', ');
  return [
    {
      id: 'LCK015',
      level: 'warning',
      subject: type.name,
      message: `Several routes share the @Lockout() of the class (${names}): a 2xx of any of them clears what failures at the others have counted.`,
      hint: 'Put @Lockout() on the handlers that verify a credential.',
    },
  ];
}

/** What is wrong with handlers that carry `@Lockout()`. */
export function handlerChecks(
  classes: readonly DiscoveredClass[],
  module: LockoutModuleOptions,
): readonly CheckResult[] {
  return classes.flatMap((one) => {
    const handlers = protectedHandlers(one);
    return [
      ...handlers.flatMap((handler) => checkHandler(handler, module)),
      ...checkClass(one.type, handlers),
    ];
  });
}
