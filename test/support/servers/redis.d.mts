import type { ServerCertificate } from './certificate-files.mjs';

export interface RedisServer {
  readonly url: string;
  /** Ends it and removes its directory. */
  readonly stop: () => Promise<void>;
  /** SIGKILL, as when the machine fails; the directory stays. */
  readonly kill: () => Promise<void>;
  /** After `kill`: starts it again, in the same directory and on the same port. */
  readonly restart: () => Promise<void>;
}

export function startRedis(options?: {
  durable?: boolean;
  settings?: Readonly<Record<string, string>>;
  certificate?: ServerCertificate;
}): Promise<RedisServer>;

export function startRedisCluster(options?: { durable?: boolean }): Promise<{
  urls: string[];
  nodes: RedisServer[];
  stop: () => Promise<void>;
}>;
