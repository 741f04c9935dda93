export interface Plan {
  readonly indexes: readonly string[];
  readonly scanned: readonly string[];
  readonly read: number;
}
export type Family = 'mariadb' | 'postgres';
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}
export type Ask = (sql: string, values: readonly unknown[]) => Promise<readonly (readonly unknown[])[]>;
export function planOf(ask: Ask, family: Family, statement: Statement): Promise<Plan>;
export function statementsOf(store: object, work: () => Promise<unknown>): Promise<Statement[]>;
export function plansOf(store: object, family: Family, work: () => Promise<unknown>): Promise<Plan[]>;
export function askOf(store: object): Ask;
/** As much of a store's dialect as is touched. */
export interface HeardDialect {
  holding: string;
}
export function dialectOf(store: object): HeardDialect;
