import { STATUS_CODES } from 'node:http';

/** RFC 9457: what every refusal of this app looks like. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Which fields are wrong, and why. */
  readonly problems?: readonly string[];
}

export function problem(status: number, detail?: string, problems?: readonly string[]): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail: detail ?? title, ...(problems && { problems }) };
}
