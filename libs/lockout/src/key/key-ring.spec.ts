import { createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveAccount } from './account.js';
import { InvalidSubjectError } from './invalid-subject-error.js';
import { type KeyParts, KeyRing } from './key-ring.js';
import { KeySecretError } from './key-secret-error.js';

const SECRET = 'an-example-secret-of-32-bytes-or-more';
const OLD = 'the-secret-before-that-one-32-bytes-long';
const OLDER = 'the-very-first-secret-also-long-enough';
const ring = new KeyRing([SECRET]);

const parts = (change: Partial<KeyParts> = {}): KeyParts => ({
  realm: 'default',
  counter: 'password',
  scope: 'account+address',
  subject: ['id:7', '203.0.113.7'],
  ...change,
});

const problemsOf = (secrets: unknown): readonly string[] => {
  try {
    new KeyRing(secrets as string[]);
    return [];
  } catch (error) {
    if (!(error instanceof KeySecretError)) throw error;
    expect(error.code).toBe('LOCKOUT_CONFIG');
    expect(error.hint).toContain('randomBytes(32)');
    return error.problems;
  }
};

describe('R17 keys', () => {
  test('a key is HMAC-SHA-256 over length-prefixed texts, in 64 lower-case hex digits', () => {
    const message = '9:lockout/17:default8:password15:account+address4:id:711:203.0.113.7';
    expect(ring.key(parts())).toBe(createHmac('sha256', SECRET).update(message).digest('hex'));
    expect(ring.key(parts())).toMatch(/^[0-9a-f]{64}$/);
  });

  // Changing what is hashed gives every account a fresh budget: this vector may change only with the format's number.
  test('the format is frozen', () => {
    const frozen = new KeyRing(['0123456789abcdef0123456789abcdef']);
    expect({
      key: frozen.key(parts()),
      account: frozen.accountHash('default', 'id:7'),
      address: frozen.addressHash('default', '203.0.113.7'),
      tag: frozen.tag('default', '203.0.113.7'),
      fingerprints: frozen.fingerprints(),
    }).toEqual({
      account: 'd2f6d7e2160c60b1d2bcc5052dafda11030d05ac1a459adc6948b8ec61f4c60f',
      address: '45a60a9413eadcf1985092a20a8b0bf364deb06c0d4a4fe43d77d7dcf598fe50',
      fingerprints: ['ffeb1e9cd575ee748446c35675349ae4ebe6135780ae13ae7704cf21b15801f0'],
      key: '62a90c1c3d7f72c54164e6d30c6b5490b678fddc4edb4efabfec92ed4db5add0',
      tag: '3a91cf2c7338',
    });
  });

  // Pitfall 29: the same name in another realm. Pitfall 21: a first factor's counter is not the second's.
  test.each<[string, Partial<KeyParts>]>([
    ['realm', { realm: 'staff' }],
    ['counter', { counter: 'otp' }],
    ['scope', { scope: 'account+device' }],
    ['account', { subject: ['id:8', '203.0.113.7'] }],
    ['address', { subject: ['id:7', '203.0.113.8'] }],
    ['order', { subject: ['203.0.113.7', 'id:7'] }],
  ])('another %s is another key', (_what, change) => {
    expect(ring.key(parts(change))).not.toBe(ring.key(parts()));
  });

  test('an unknown name and the account whose id reads the same have different keys', () => {
    const keyOf = (ref: unknown) =>
      ring.key(parts({ scope: 'account', subject: [resolveAccount(ref).subject] }));
    expect(keyOf('alice')).not.toBe(keyOf({ unknown: 'alice' }));
    expect(keyOf('unknown:alice')).not.toBe(keyOf({ unknown: 'alice' }));
    expect(keyOf({ unknown: 'id:alice' })).not.toBe(keyOf('alice'));
  });

  test('no two lists of texts make one key, wherever the borders fall', () => {
    // Few characters, so that moved borders and imitated length prefixes are frequent.
    const text = fc.string({
      unit: fc.constantFrom('1', '2', ':', 'a', 'é', '😀'),
      minLength: 1,
      maxLength: 4,
    });
    const anyParts = fc.record({
      realm: text,
      counter: text,
      scope: text,
      subject: fc.array(text, { minLength: 1, maxLength: 3 }),
    });
    const keys = new Map<string, string>();
    fc.assert(
      fc.property(anyParts, (some) => {
        const key = ring.key(some);
        const written = JSON.stringify([some.realm, some.counter, some.scope, ...some.subject]);
        expect(keys.get(key) ?? written).toBe(written);
        keys.set(key, written);
      }),
      { numRuns: 3_000 },
    );
    expect(keys.size).toBeGreaterThan(1_000);
  });

  test.each([
    [
      ['a', 'bc'],
      ['ab', 'c'],
    ],
    [['a1:b'], ['a', 'b']],
    [['1:a'], ['a']],
    [['a', 'b'], ['a1:b']],
    [['é'], ['e\u0301']],
  ])('%j and %j are two subjects', (one, other) => {
    expect(ring.key(parts({ subject: one }))).not.toBe(ring.key(parts({ subject: other })));
  });

  test('the same text between realm, counter and scope moves the key', () => {
    expect(ring.key(parts({ realm: 'ab', counter: 'c' }))).not.toBe(
      ring.key(parts({ realm: 'a', counter: 'bc' })),
    );
    expect(ring.key(parts({ counter: 'ab', scope: 'c' }))).not.toBe(
      ring.key(parts({ counter: 'a', scope: 'bc' })),
    );
  });

  // Pitfall 19 (axes #261): a key from blanks is everybody's.
  test.each([[[]], [['']], [['id:7', '']]])('subject %j makes no key', (subject) => {
    expect(() => ring.key(parts({ subject }))).toThrow(InvalidSubjectError);
    expect(() => new KeyRing([SECRET, OLD]).previousKeys(parts({ subject }))).toThrow(InvalidSubjectError);
  });
});

describe('R18 hashes and tags', () => {
  test('depend on realm and subject, and on nothing else', () => {
    expect(ring.accountHash('default', 'id:7')).toBe(new KeyRing([SECRET]).accountHash('default', 'id:7'));
    expect(ring.accountHash('default', 'id:7')).not.toBe(ring.accountHash('staff', 'id:7'));
    expect(ring.accountHash('default', 'id:7')).not.toBe(ring.accountHash('default', 'id:8'));
    expect(ring.addressHash('default', '::/64')).not.toBe(ring.addressHash('staff', '::/64'));
    expect(ring.tag('default', '::/64')).not.toBe(ring.tag('staff', '::/64'));
    expect(ring.tag('default', '::/64')).toMatch(/^[0-9a-f]{12}$/);
    expect(ring.accountHash('a', 'bc')).not.toBe(ring.accountHash('ab', 'c'));
  });

  test('no hash of one use is one of another', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.string({ unit: 'binary', minLength: 1 }),
        (realm, text) => {
          const hashes = [
            ring.accountHash(realm, text),
            ring.addressHash(realm, text),
            ring.key({ realm, counter: 'account', scope: 'account', subject: [text] }),
            // Parts chosen so that only the first text tells the uses apart.
            ring.key({ realm, counter: text, scope: text, subject: [text] }),
            ...ring.fingerprints(),
          ].map((hash) => hash.slice(0, 12));
          expect(new Set([...hashes, ring.tag(realm, text)]).size).toBe(hashes.length + 1);
        },
      ),
    );
  });

  test('P10 without the secret nothing can be made again', () => {
    const other = new KeyRing([OLD]);
    expect(other.key(parts())).not.toBe(ring.key(parts()));
    expect(other.accountHash('default', 'id:7')).not.toBe(ring.accountHash('default', 'id:7'));
    expect(other.addressHash('default', '::/64')).not.toBe(ring.addressHash('default', '::/64'));
    expect(other.tag('default', '::/64')).not.toBe(ring.tag('default', '::/64'));
    expect(other.fingerprints()).not.toEqual(ring.fingerprints());
  });

  test('ids of quotas tell uses, realms and subjects apart, and are nothing that another secret makes', () => {
    const ids = [
      ring.quotaId('mail/attempts', 'default', 'alice@example.com'),
      ring.quotaId('mail/access', 'default', 'alice@example.com'),
      ring.quotaId('mail/attempts', 'staff', 'alice@example.com'),
      ring.quotaId('mail/attempts', 'default', 'bob@example.com'),
      new KeyRing(['x'.repeat(32)]).quotaId('mail/attempts', 'default', 'alice@example.com'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('R21 rotation', () => {
  const rotated = new KeyRing([SECRET, OLD, OLDER]);
  const before = [new KeyRing([OLD]), new KeyRing([OLDER])];

  test('new keys come from the first secret', () => {
    expect(rotated.key(parts())).toBe(ring.key(parts()));
    expect(rotated.accountHash('default', 'id:7')).toBe(ring.accountHash('default', 'id:7'));
    expect(rotated.tag('default', '::/64')).toBe(ring.tag('default', '::/64'));
  });

  test('what was written under the others is found again, newest first', () => {
    expect(rotated.previousKeys(parts())).toEqual(before.map((old) => old.key(parts())));
    expect(rotated.previousAccountHashes('default', 'id:7')).toEqual(
      before.map((old) => old.accountHash('default', 'id:7')),
    );
    expect(rotated.previousAddressHashes('default', '::/64')).toEqual(
      before.map((old) => old.addressHash('default', '::/64')),
    );
    expect(ring.previousKeys(parts())).toEqual([]);
    expect(ring.previousAccountHashes('default', 'id:7')).toEqual([]);
    expect(ring.previousAddressHashes('default', '::/64')).toEqual([]);
  });

  test('each secret has a fingerprint, the current one first, and none contains its secret', () => {
    const fingerprints = rotated.fingerprints();
    expect(fingerprints).toEqual([ring, ...before].map((one) => one.fingerprints()[0]));
    expect(new Set(fingerprints).size).toBe(3);
    for (const fingerprint of fingerprints) expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(() => (fingerprints as string[]).push('x')).toThrow(TypeError);
  });
});

describe('secrets', () => {
  test.each<[unknown]>([[[]], [undefined], [null], [SECRET]])('%p is no list of secrets', (secrets) => {
    expect(problemsOf(secrets)).toEqual(['No secret was given.']);
  });

  test('32 bytes are enough, counted as bytes and not as characters', () => {
    expect(problemsOf(['x'.repeat(32)])).toEqual([]);
    expect(problemsOf(['é'.repeat(16)])).toEqual([]);
    expect(problemsOf([new Uint8Array(randomBytes(32))])).toEqual([]);
    expect(problemsOf(['x'.repeat(31)])).toEqual(['secrets[0] has 31 bytes; at least 32 are needed.']);
    expect(problemsOf([new Uint8Array(31)])).toEqual(['secrets[0] has 31 bytes; at least 32 are needed.']);
    expect(problemsOf([''])).toEqual(['secrets[0] has 0 bytes; at least 32 are needed.']);
  });

  test('all problems come in one error that quotes no secret', () => {
    const problems = problemsOf([SECRET, 'hunter2', 42, SECRET, undefined]);
    expect(problems).toEqual([
      'secrets[1] has 7 bytes; at least 32 are needed.',
      'secrets[2] is neither a string nor a Uint8Array.',
      'secrets[3] repeats an earlier one.',
      'secrets[4] is neither a string nor a Uint8Array.',
    ]);
    expect(() => new KeyRing([SECRET, 'hunter2', SECRET])).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/hunter2|an-example/) }),
    );
  });

  test('what HMAC takes for the same secret is a repetition', () => {
    expect(problemsOf([SECRET, Buffer.from(SECRET)])).toEqual(['secrets[1] repeats an earlier one.']);
    expect(problemsOf([SECRET, `${SECRET}\0`])).toEqual(['secrets[1] repeats an earlier one.']);
  });

  test('a ring neither changes with the array it was given nor shows it', () => {
    const bytes = new Uint8Array(randomBytes(32));
    const own = new KeyRing([bytes]);
    const key = own.key(parts());
    bytes.fill(0);
    expect(own.key(parts())).toBe(key);
    expect(inspect(new KeyRing([SECRET]), { showHidden: true, depth: 9 })).not.toContain('an-example');
    expect(JSON.stringify(new KeyRing([SECRET]))).toBe('{}');
  });
});
