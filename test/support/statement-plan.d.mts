export interface Plan {
  readonly indexes: readonly string[];
  readonly scanned: readonly string[];
  readonly read: number;
}
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}
export type Ask = (sql: string, values: readonly unknown[]) => Promise<readonly (readonly unknown[])[]>;
export function planOf(ask: Ask, family: 'mariadb' | 'postgres', statement: Statement): Promise<Plan>;
export function statementsOf(store: object, work: () => Promise<unknown>): Promise<Statement[]>;
export function askOf(store: object): Ask;
/** A transaction as the store's dialect runs it. */
export type Steps = Generator<Statement & { readonly returnsRows: boolean }, unknown, unknown>;
/** As much of a store's dialect as is listened to. */
export interface HeardDialect {
  query: Ask;
  transact: (steps: () => Steps) => Promise<unknown>;
  holding: string;
}
export function dialectOf(store: object): HeardDialect;
