export interface Plan {
  readonly indexes: readonly string[];
  readonly scanned: readonly string[];
  readonly read: number;
}
export type Family = 'mariadb' | 'postgres';
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
  /** It was one of a transaction, whose settings are its own. */
  readonly isStep: boolean;
}
export type Ask = (sql: string, values: readonly unknown[]) => Promise<readonly (readonly unknown[])[]>;
export function planOf(ask: Ask, family: Family, statement: Pick<Statement, 'sql' | 'values'>): Promise<Plan>;
export function statementsOf(store: object, work: () => Promise<unknown>): Promise<Statement[]>;
export function plansOf(store: object, family: Family, work: () => Promise<unknown>): Promise<Plan[]>;
export function askOf(store: object, as?: Pick<Statement, 'isStep'>): Ask;
/** As much of a store's dialect as is touched. */
export interface HeardDialect {
  holding: string;
  transact<T>(
    work: () => Generator<unknown, T, { readonly rows: readonly (readonly unknown[])[] }>,
  ): Promise<T>;
}
export function dialectOf(store: object): HeardDialect;
