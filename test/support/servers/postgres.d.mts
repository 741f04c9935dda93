import type { ServerCertificate } from './certificate-files.mjs';
import type { ChildServer } from './child-server.mjs';

export function startPostgres(options?: {
  durable?: boolean;
  certificate?: ServerCertificate;
}): Promise<ChildServer & { readonly url: string }>;
