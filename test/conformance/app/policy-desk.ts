import type { Answer, Visitor } from './visitor.js';

/** A policy as the admin API answers it, as far as tests read it. */
export interface PolicyBody {
  readonly version: number;
  readonly source: 'configured' | 'saved';
  readonly brand: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly warnings: readonly { readonly id: string; readonly message: string }[];
}

/** Of which policy: the global one, or a brand's override. */
export interface Target {
  readonly policy: string;
  readonly brand?: string;
}

const pathOf = ({ policy, brand }: Target): string =>
  `/lockout/policies/${policy}${brand === undefined ? '' : `/brands/${brand}`}`;

/** An administrator who edits settings through the API that the console uses too (OW-15). */
export class PolicyDesk {
  constructor(private readonly administrator: Visitor) {}

  async read(target: Target): Promise<PolicyBody> {
    const { status, body } = await this.administrator.get(pathOf(target));
    if (status !== 200) throw new Error(`GET ${pathOf(target)} answered ${status}.`);
    return body as unknown as PolicyBody;
  }

  /** Saves what is given over what governs now. */
  async save(target: Target, settings: Readonly<Record<string, unknown>>): Promise<Answer> {
    const { version } = await this.read(target);
    return this.administrator.send('PUT', pathOf(target), { settings, reason: 'as agreed' }, match(version));
  }

  async remove(target: Target): Promise<Answer> {
    const { version } = await this.read(target);
    return this.administrator.send('DELETE', pathOf(target), { reason: 'as agreed' }, match(version));
  }
}

const match = (version: number) => ({ 'if-match': `"${version}"` });

/** Where the answer finds fault, sorted. */
export const faultsOf = ({ body }: Answer): readonly string[] =>
  ((body['errors'] ?? []) as readonly { readonly path: string }[]).map(({ path }) => path).sort();
