import type { CheckResult } from './check.js';

/** As much of Nest's HTTP adapter as is asked. */
export interface PlatformAdapter {
  getType(): string;
  getInstance(): unknown;
}

/** Fastify keeps what it was created with under a symbol of this name. */
const FASTIFY_OPTIONS = 'fastify.options';

function trustsEveryProxy(adapter: PlatformAdapter): boolean {
  const instance: unknown = adapter.getInstance();
  if ((typeof instance !== 'object' && typeof instance !== 'function') || instance === null) return false;
  if (adapter.getType() === 'express') {
    const get: unknown = Reflect.get(instance, 'get');
    return typeof get === 'function' && Reflect.apply(get, instance, ['trust proxy']) === true;
  }
  const symbol = Object.getOwnPropertySymbols(instance).find(
    ({ description }) => description === FASTIFY_OPTIONS,
  );
  const options: unknown = symbol && Reflect.get(instance, symbol);
  return typeof options === 'object' && options !== null && Reflect.get(options, 'trustProxy') === true;
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
