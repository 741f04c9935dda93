import { describe, expect, test } from '@jest/globals';
import { HttpException, ImATeapotException } from '@nestjs/common';
import { defaultOutcome, outcomeOfStatus, statusOfError } from './handler-outcome.js';

describe('what a status says about the credential (R36)', () => {
  test.each([200, 201, 202, 204, 299])('%d: right', (status) =>
    expect(outcomeOfStatus(status)).toBe('success'),
  );
  test.each([401, 402, 403, 404, 405, 409, 410, 418, 423, 428, 429, 451, 499])('%d: wrong', (status) =>
    expect(outcomeOfStatus(status)).toBe('failure'),
  );
  test.each([300, 301, 302, 303, 307, 308])('%d: a redirect that nobody explained is wrong (R8)', (status) =>
    expect(outcomeOfStatus(status)).toBe('failure'),
  );
  test.each([100, 400, 413, 415, 422, 500, 501, 502, 503, 504, 599])('%d: not looked at', (status) =>
    expect(outcomeOfStatus(status)).toBe('abandoned'),
  );
});

describe('the status of an exception', () => {
  test('is what Nest answers it with', () => {
    expect(statusOfError(new ImATeapotException())).toBe(418);
    expect(statusOfError(new HttpException('gone', 410))).toBe(410);
    expect(statusOfError(Object.assign(new Error('too large'), { statusCode: 413 }))).toBe(413);
  });

  test('is none for anything else, also for errors of clients of ours that carry one', () => {
    for (const error of [
      new Error('x'),
      Object.assign(new Error('x'), { status: 401 }),
      'x',
      null,
      undefined,
      401,
    ]) {
      expect(statusOfError(error)).toBeNull();
    }
  });

  test('without a status an ending is abandoned', () => {
    expect(defaultOutcome({ kind: 'threw', error: new Error('x'), input: {}, status: null })).toBe(
      'abandoned',
    );
  });
});
