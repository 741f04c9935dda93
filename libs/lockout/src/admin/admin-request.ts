/** What the admin API reads of a request: the part that Express and Fastify name alike, and where each keeps its route. */
export interface AdminRequest {
  readonly method: string;
  /** As the router saw it, still encoded. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Host with port, with the proxy's word where the application trusts one. */
  readonly host?: string;
  readonly protocol?: string;
  /** Express. */
  readonly route?: { readonly path?: unknown };
  /** Fastify. */
  readonly routeOptions?: { readonly url?: unknown };
}
