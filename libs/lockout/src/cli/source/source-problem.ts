import { EXIT, type ExitCode } from '../terminal.js';

/** One thing that is wrong: of a field (`path`), or of one of several subjects. */
export interface ProblemEntry {
  readonly path?: string;
  readonly account?: string;
  readonly address?: string;
  readonly id?: string;
  readonly message?: string;
  readonly reason?: string;
}

/** What the admin API says when it does not do what was asked (RFC 9457). */
export interface ProblemBody {
  readonly type?: string;
  readonly title?: string;
  /** Of HTTP. */
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly ProblemEntry[];
  /** Where to turn. */
  readonly support?: string;
}

const NOT_LOCKED = 'not-locked';

/** A problem as a source tells it, whichever way it was reached. */
export class SourceProblem extends Error {
  override readonly name = 'SourceProblem';

  /**
   * @param hint what the operator can do about it; null: the problem says it.
   * @param code null: as the status says.
   */
  constructor(
    readonly body: ProblemBody,
    readonly hint: string | null = null,
    private readonly code: ExitCode | null = null,
    options: ErrorOptions = {},
  ) {
    super(body.detail, options);
  }

  get exitCode(): ExitCode {
    const { status } = this.body;
    if (this.code !== null) return this.code;
    // Nothing is recorded under the name that was asked for.
    if (status === 404) return EXIT.nothing;
    if (status === 400 || status === 413 || status === 415 || status === 428) return EXIT.usage;
    if (status === 502 || status === 503 || status === 504 || status === 0) return EXIT.unreachable;
    if (status >= 400 && status < 500) return EXIT.refused;
    return status === 501 ? EXIT.refused : EXIT.strange;
  }

  /** The same, where of so many that were named none is locked: then there is nothing to do. */
  ofNamed(count: number): SourceProblem {
    const { status, errors = [] } = this.body;
    const isNothing =
      status === 409 && errors.length >= count && errors.every(({ reason }) => reason === NOT_LOCKED);
    return isNothing ? new SourceProblem(this.body, this.hint, EXIT.nothing, { cause: this }) : this;
  }

  /** As it is told to people: what is wrong, each thing by itself, and where to turn. */
  lines(): readonly string[] {
    const { detail, errors = [], support } = this.body;
    return [
      detail,
      ...errors.map((error) => `  ${subjectOf(error)}: ${error.message ?? reasonText(error.reason)}`),
      ...(support === undefined ? [] : [`Turn to: ${support}`]),
      ...(this.hint === null ? [] : [this.hint]),
    ];
  }
}

/** No answer came. Status 0, because there is none. */
export function unreachable(detail: string, hint: string | null = null, cause?: unknown): SourceProblem {
  const body = { type: 'about:blank', title: 'Unreachable', status: 0, detail };
  return new SourceProblem(body, hint, null, { cause });
}

const subjectOf = ({ path, account, address, id }: ProblemEntry): string =>
  account ?? address ?? id ?? (path || 'request');

const reasonText = (reason: string | undefined): string =>
  reason === NOT_LOCKED ? 'is not locked' : (reason ?? 'is wrong');
