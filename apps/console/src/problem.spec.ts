import { describe, expect, it } from '@jest/globals';
import { Problem, problemOf } from './problem.js';

const answer = (status: number, body: string, headers: Record<string, string> = {}): Response =>
  new Response(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });

describe('an answer that is no success', () => {
  it('has the words, the support contact and the items of the library', async () => {
    const problem = await problemOf(
      answer(
        409,
        '{"detail":"Nothing was unlocked.","support":"ext. 4711","errors":[{"account":"olga","reason":"owner"}]}',
      ),
    );
    expect(problem).toMatchObject({ status: 409, detail: 'Nothing was unlocked.', support: 'ext. 4711' });
    expect(problem.errors).toEqual([{ account: 'olga', reason: 'owner' }]);
  });

  it('has the words of the application, whose guard answers in its own way', async () => {
    const body = '{"statusCode":403,"message":"Only administrators may do this."}';
    const problem = await problemOf(answer(403, body, { 'content-type': 'application/json' }));
    expect(problem).toMatchObject({ status: 403, detail: 'Only administrators may do this.', support: null });
  });

  it.each([
    ['<h1>Bad gateway</h1>', 'text/html'],
    ['{', 'application/json'],
    ['null', 'application/json'],
    ['{"errors":"none"}', 'application/json'],
  ])('is told by its status where it says nothing that is understood: %s', async (body, type) => {
    const problem = await problemOf(answer(502, body, { 'content-type': type }));
    expect(problem).toMatchObject({ status: 502, detail: null, support: null, errors: [] });
  });
});

describe('whether nothing is known of what was asked, so that the same may be sent again', () => {
  it.each([
    [0, {}, true],
    [503, {}, true],
    [409, {}, false],
    [409, { 'retry-after': '1' }, true],
    [422, {}, false],
  ])('%d with %j: %s', async (status, headers, expected) => {
    const problem =
      status === 0
        ? new Problem(0, null)
        : await problemOf(answer(status, '{}', headers as Record<string, string>));
    expect(problem.isPassing).toBe(expected);
  });
});
