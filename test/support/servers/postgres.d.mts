import type { ChildServer } from './child-server.mjs';

export function startPostgres(options?: {
  durable?: boolean;
}): Promise<ChildServer & { readonly url: string }>;
