import {
  InvalidSubjectError,
  normaliseAccountId,
  normaliseCustomPart,
  normaliseDevice,
  normaliseIdentifier,
  normaliseRealm,
} from '../key/index.js';
import type { ReplayAttempt } from '../policy/index.js';
import type { LogColumns } from './log-columns.js';
import type { LoggedOutcome } from './log-outcome.js';
import { readTime } from './log-time.js';
import { printable } from './printable.js';

/** One line that can be replayed. */
export interface LoggedAttempt {
  readonly attempt: ReplayAttempt;
  /** Whether the credential was not verified at the time: it is taken as a failure. */
  readonly unverified: boolean;
}

/** Why a line cannot be replayed, in one sentence. */
export type LineProblem = string;

const cut = (text: string): string => JSON.stringify(printable(text, 40));

/** Reads lines of a log by its columns. Blank optional fields are absent. */
export class LineReader {
  constructor(
    private readonly columns: LogColumns,
    private readonly outcomeOf: (text: string) => LoggedOutcome | null,
  ) {}

  read(fields: readonly string[]): LoggedAttempt | LineProblem {
    const { columns } = this;
    if (fields.length < columns.width)
      return `has ${fields.length} columns instead of ${columns.width} or more`;
    const time = (fields[columns.time] ?? '').trim();
    const at = readTime(time);
    if (at === null) {
      return `${cut(time)} is no time: write ISO 8601 (2026-01-31T09:30:00Z), or seconds or milliseconds since 1970`;
    }
    const said = fields[columns.outcome] ?? '';
    const outcome = this.outcomeOf(said);
    if (outcome === null) {
      return `${cut(said)} is no known outcome: say what it means, e.g. --outcomes ${cut(`${said.trim()}=failure`)}`;
    }
    try {
      return this.attemptOf(fields, at, outcome);
    } catch (error) {
      if (error instanceof InvalidSubjectError) return error.message.replace(/\.$/, '');
      throw error;
    }
  }

  /** Throws InvalidSubjectError for what the engine would not count either. */
  private attemptOf(fields: readonly string[], at: number, outcome: LoggedOutcome): LoggedAttempt {
    const { columns } = this;
    const text = (column: number | null): string => (column === null ? '' : (fields[column] ?? '').trim());
    const name = fields[columns.account] ?? '';
    const known = outcome !== 'unknown-account';
    const [address, device, realm, brand] = [
      text(columns.address),
      text(columns.device),
      text(columns.realm),
      text(columns.brand),
    ];
    const custom = columns.custom.flatMap(({ name: part, column }) => {
      const value = text(column);
      return value === '' ? [] : [[part, normaliseCustomPart(value)] as const];
    });
    return {
      unverified: outcome === 'refused',
      attempt: {
        at,
        account: known ? normaliseAccountId(name) : normaliseIdentifier(name),
        known,
        address: address === '' ? null : address,
        method: text(columns.method).toLowerCase() || 'password',
        outcome: outcome === 'unknown-account' || outcome === 'refused' ? 'failure' : outcome,
        ...(device === '' ? {} : { device: normaliseDevice(device) }),
        ...(realm === '' ? {} : { realm: normaliseRealm(realm) }),
        ...(brand === '' ? {} : { brand }),
        ...(custom.length === 0 ? {} : { custom: Object.fromEntries(custom) }),
      },
    };
  }
}
