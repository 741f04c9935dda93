import { HttpException } from '@nestjs/common';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};

/** The same as at the sign-in edge; the others mean no more than their status. */
const TYPES: Readonly<Record<number, string>> = {
  400: 'urn:nestjs-lockout:bad-input',
  503: 'urn:nestjs-lockout:unavailable',
};

/** An answer of the admin API that is not a success, as RFC 9457 has it. `members` are added to the body. */
export class Problem extends HttpException {
  constructor(
    status: number,
    readonly detail: string,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(
      { type: TYPES[status] ?? 'about:blank', title: TITLES[status] ?? 'Error', status, detail, ...members },
      status,
    );
    this.message = detail;
  }
}
