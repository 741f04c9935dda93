/** One thing that an answer names as wrong, or as what keeps something from being changed. */
export interface ProblemItem {
  /** Of a field. */
  readonly path?: string;
  readonly message?: string;
  /** Of what cannot be unlocked: how it is called, and why. */
  readonly account?: string;
  readonly address?: string;
  readonly id?: string;
  readonly reason?: string;
}

/** What went wrong with a call. `status` 0: no answer came. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    /** The server's own words; null where it had none. */
    readonly detail: string | null,
    readonly members: Readonly<Record<string, unknown>> = {},
    { cause, saysWhen = false }: { readonly cause?: unknown; readonly saysWhen?: boolean } = {},
  ) {
    super(detail ?? `status ${status}`, { cause });
    this.saysWhen = saysWhen;
  }

  /** The answer says after which time to ask again (`Retry-After`): the same may still be under way. */
  private readonly saysWhen: boolean;

  /** Where to turn who may not do it himself. */
  get support(): string | null {
    const { support } = this.members;
    return typeof support === 'string' && support !== '' ? support : null;
  }

  get errors(): readonly ProblemItem[] {
    const { errors } = this.members;
    return Array.isArray(errors) ? errors.filter((item) => typeof item === 'object' && item !== null) : [];
  }

  /** Whether asking again may help, and nothing of what was asked is known to have failed. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 500 || this.saysWhen;
  }
}

/** Reads an answer that is not a success, whoever wrote it: the library, the application's guard, or a proxy. */
export async function problemOf(response: Response): Promise<Problem> {
  const saysWhen = response.headers.has('retry-after');
  const isJson = /\bjson\b/i.test(response.headers.get('content-type') ?? '');
  const body: unknown = isJson ? await response.json().catch(() => null) : null;
  if (typeof body !== 'object' || body === null) return new Problem(response.status, null, {}, { saysWhen });
  const members = body as Readonly<Record<string, unknown>>;
  const detail = [members['detail'], members['message'], members['title']].find(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  return new Problem(response.status, detail ?? null, members, { saysWhen });
}
