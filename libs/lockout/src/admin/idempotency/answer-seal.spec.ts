import { describe, expect, it } from '@jest/globals';
import { StoreError } from '../../store/store-error.js';
import { AnswerSeal } from './answer-seal.js';

const seal = new AnswerSeal('mU3qfvZp9wYt0kXrLh7NbQe5sJd2GcAaVoTi1EyC8Bs');
const other = new AnswerSeal('k7Wq2mZx9TfVb4NcRs8Yh1Jd6LgPe3Ua0XoCiKrBtQ');
const ID = seal.name('id');

describe('AnswerSeal', () => {
  it('opens what it sealed, whatever is in it', () => {
    for (const text of ['', '{"changed":true}', 'Ünï 👩‍👩‍👧', 'x'.repeat(40_000)]) {
      expect(seal.open(seal.seal(text, ID), ID)).toBe(text);
    }
  });

  it('seals the same text differently each time, and shows nothing of it', () => {
    const sealed = seal.seal('alice', ID);
    expect(seal.seal('alice', ID)).not.toBe(sealed);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('alice');
  });

  it('opens nothing that was sealed for another call, under another secret, or changed since', () => {
    const sealed = seal.seal('{"changed":true}', ID);
    const bytes = Buffer.from(sealed, 'base64');
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8((bytes[place] ?? 0) ^ 1, place);
      expect(() => seal.open(changed.toString('base64'), ID)).toThrow(StoreError);
    }
    for (const length of [0, 5, 12, 20, 28, bytes.length - 1]) {
      expect(() => seal.open(bytes.subarray(0, length).toString('base64'), ID)).toThrow(StoreError);
    }
    expect(() => seal.open(sealed, seal.name('another id'))).toThrow(StoreError);
    expect(() => other.open(sealed, ID)).toThrow(StoreError);
  });

  it('names values by all of them, their order and their bounds', () => {
    const names = [
      seal.name('id', 'a', 'b'),
      seal.name('id', 'b', 'a'),
      seal.name('id', 'ab', ''),
      seal.name('id', 'a'),
      seal.name('id', 'a', 'b', null),
      seal.name('request', 'a', 'b'),
      other.name('id', 'a', 'b'),
    ];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{64}$/);
    expect(seal.name('id', 'a', 'b')).toBe(names[0]);
  });
});
