import { describe, expect, it } from '@jest/globals';
import { html, jsonMarkup, nameMarkup } from './markup.js';
import { printable, printableJson } from './printable.js';

describe('text of a log on a terminal', () => {
  it.each([
    ['\u001b[2Jgone', '\\u{1b}[2Jgone'],
    ['\u009b31mred', '\\u{9b}31mred'],
    ['a\u202eb', 'a\\u{202e}b'],
    ['two\nlines', 'two\\u{a}lines'],
    ['Zoë 🙂', 'Zoë 🙂'],
  ])('%j is written as %s', (text, written) => {
    expect(printable(text)).toBe(written);
  });

  it('is cut', () => {
    expect(printable('a'.repeat(100), 10)).toBe(`${'a'.repeat(9)}…`);
  });
});

describe('JSON on a terminal', () => {
  it('has nothing invisible in it but its own layout, and reads back the same', () => {
    const value = {
      '\u001b[2J': [
        '\u009b31m',
        'a\u202eb',
        '\u2028',
        '\ud83d',
        'two\nlines',
        '\u{e0041}',
        'Zoë 🙂',
        '\u007f',
      ],
    };
    const written = printableJson(value);
    expect(written.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(written).toContain('Zoë 🙂');
    expect(written).toContain('\\udb40\\udc41');
    expect(JSON.parse(written)).toEqual(value);
  });
});

describe('text of a log in a page', () => {
  const hostile = '</script><script>alert("1")</script>\'';

  it('is never markup, in an element or an attribute', () => {
    const escaped = '&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;';
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(`<p title="${escaped}">${escaped}</p>`);
    expect(nameMarkup(hostile).text).toBe(`<bdi class="name">${escaped}</bdi>`);
  });

  it('cannot end the element that holds data', () => {
    expect(jsonMarkup({ name: hostile }).text).not.toContain('<');
    expect(JSON.parse(jsonMarkup({ name: hostile }).text)).toEqual({ name: hostile });
  });

  it('is put together without escaping twice', () => {
    expect(html`<ul>${['a', '<b>'].map((item) => html`<li>${item}</li>`)}</ul>${null}${3}`.text).toBe(
      '<ul><li>a</li>\n<li>&lt;b&gt;</li></ul>3',
    );
  });
});
