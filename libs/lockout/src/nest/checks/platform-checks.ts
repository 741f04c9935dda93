import type { CheckResult } from './check.js';

/** As much of Nest's HTTP adapter as is asked. */
export interface PlatformAdapter {
  getType(): string;
  getInstance(): unknown;
}

/** Fastify keeps what it was created with under a symbol of this name. */
const FASTIFY_OPTIONS = 'fastify.options';

/** Addresses of nobody's proxy (documentation networks), and a hop no chain of proxies has. */
const STRANGERS = ['192.0.2.1', '198.51.100.1', '2001:db8::1'];
const FAR = 32;

function trustsEveryProxy(adapter: PlatformAdapter): boolean {
  const instance: unknown = adapter.getInstance();
  if ((typeof instance !== 'object' && typeof instance !== 'function') || instance === null) return false;
  if (adapter.getType() === 'express') {
    const get: unknown = Reflect.get(instance, 'get');
    const trusts: unknown =
      typeof get === 'function' ? Reflect.apply(get, instance, ['trust proxy fn']) : undefined;
    return typeof trusts === 'function' && STRANGERS.every((address) => trusts(address, FAR) === true);
  }
  const symbol = Object.getOwnPropertySymbols(instance).find(
    ({ description }) => description === FASTIFY_OPTIONS,
  );
  const options: unknown = symbol && Reflect.get(instance, symbol);
  if (typeof options !== 'object' || options === null) return false;
  const trusts: unknown = Reflect.get(options, 'trustProxy');
  if (typeof trusts === 'function') return STRANGERS.every((address) => trusts(address, FAR) === true);
  // More hops than any chain has is all of them.
  return trusts === true || (typeof trusts === 'number' && trusts > FAR);
}

/** What the HTTP framework is set up to believe. */
export function platformChecks(adapter: PlatformAdapter | undefined): readonly CheckResult[] {
  if (!adapter || !trustsEveryProxy(adapter)) return [];
  return [
    {
      id: 'LCK004',
      level: 'error',
      subject: adapter.getType(),
      message: 'Every proxy is trusted, so anybody can claim any address in X-Forwarded-For.',
      hint: "Name the proxies: app.set('trust proxy', 1) or 'loopback' (Fastify: trustProxy: '127.0.0.1').",
    },
  ];
}
