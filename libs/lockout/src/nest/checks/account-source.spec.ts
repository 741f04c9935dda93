import { describe, expect, test } from '@jest/globals';
import { isBareAccessor } from './account-source.js';

interface Input {
  readonly body: { readonly name: string; readonly user: { readonly name: string } };
}
const find = (name: string): string => name;

describe('an account that only hands on what was typed (R19)', () => {
  test.each([
    ['an arrow', (request: Input) => request.body.name],
    ['a deep field', (request: Input) => request.body.user.name],
    ['optional fields', (request: Input) => request?.body?.name],
    ['brackets', (request: Input) => request['body']['name']],
    ['String()', (request: Input) => String(request.body.name)],
    ['async', async (request: Input) => request.body.name],
    ['the argument itself', (name: string) => name],
    [
      'a body',
      (request: Input) => {
        return request.body.name;
      },
    ],
    [
      'a function',
      function account(request: Input) {
        return request.body.name;
      },
    ],
  ])('is found: %s', (_what, account) => expect(isBareAccessor(account)).toBe(true));

  test.each([
    ['a lookup', (request: Input) => find(request.body.name)],
    ['unknown', (request: Input) => ({ unknown: request.body.name })],
    ['a fallback', (request: Input) => request.body.name ?? find('x')],
    [
      'statements',
      (request: Input) => {
        const { name } = request.body;
        return find(name);
      },
    ],
    ['something else', (_request: Input) => 'fixed'],
  ])('is not found: %s', (_what, account) => expect(isBareAccessor(account)).toBe(false));
});
