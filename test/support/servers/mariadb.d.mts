import type { ChildServer } from './child-server.mjs';

export function startMariadb(options?: {
  durable?: boolean;
}): Promise<ChildServer & { readonly url: string }>;
