/** A server's own certificate and its key, and the CA whose clients it trusts; PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}
