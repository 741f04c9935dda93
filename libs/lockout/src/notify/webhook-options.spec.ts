import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { WebhookSink } from './webhook-sink.js';

const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;

describe('a webhook is not set up', () => {
  it.each([
    'http://example.com/hook',
    'ftp://example.com/',
    'http://127.0.0.1.example.com/',
    'http://localhost.example.com/',
  ])('to %s, where names would travel in plain text', (url) => {
    expect(() => new WebhookSink({ url, secret: SECRET })).toThrow('needs https');
  });

  it.each(['https://example.com/hook', 'http://localhost:3000/', 'http://127.0.0.1/', 'http://[::1]:3000/'])(
    'but to %s',
    (url) => {
      expect(() => new WebhookSink({ url, secret: SECRET })).not.toThrow();
    },
  );

  it('insecurely, unless that is said', () => {
    expect(
      () => new WebhookSink({ url: 'http://hooks.internal/', secret: SECRET, insecure: true }),
    ).not.toThrow();
    expect(() => new WebhookSink({ url: 'file:///etc/passwd', secret: SECRET, insecure: true })).toThrow(
      'needs https',
    );
  });

  it('with credentials in its URL, which would be logged', () => {
    expect(() => new WebhookSink({ url: 'https://user:pass@example.com/', secret: SECRET })).toThrow(
      'no credentials',
    );
  });

  it.each([
    ['nothing', ''],
    ['no prefix', Buffer.alloc(32, 1).toString('base64')],
    ['too few bytes', `whsec_${Buffer.alloc(23, 1).toString('base64')}`],
    ['too many bytes', `whsec_${Buffer.alloc(65, 1).toString('base64')}`],
    ['no base64', `whsec_${'!'.repeat(40)}`],
  ])('with a secret of %s, and does not tell it', (_what, secret) => {
    let message = '';
    try {
      new WebhookSink({ url: 'https://example.com/', secret });
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch('TypeError: The secret of a webhook');
    if (secret.length > 10) expect(message).not.toContain(secret.slice(6));
  });

  it.each<[string, Record<string, string>]>([
    ['"authorization"', { accept: '*/*', authorization: 'Bearer s3cr3t\nsecond line' }],
    ['"authorization"', { authorization: 'Bearer s3cr3t\u2026' }],
    ['"x y"', { 'x y': 's3cr3t' }],
  ])('with the header %s that cannot be sent, and does not tell its value', (name, headers) => {
    let thrown: unknown;
    try {
      new WebhookSink({ url: 'https://example.com/', secret: SECRET, headers });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    expect(String(thrown)).toContain(`The header ${name} of a webhook cannot be sent`);
    expect(inspect(thrown)).not.toMatch(/s3cr3t|second/);
  });

  it('without any secret', () => {
    expect(() => new WebhookSink({ url: 'https://example.com/', secret: [] })).toThrow('needs a secret');
  });
});
