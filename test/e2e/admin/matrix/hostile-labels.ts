/** Text that somebody sends who hopes for a careless reader: as text, and as it stands in a path. */
export interface HostileLabel {
  readonly what: string;
  readonly text: string;
  /** Percent-encoded. Default: as `encodeURIComponent` has it. */
  readonly encoded?: string;
}

const zalgo = (text: string): string =>
  Array.from(text, (letter) => letter + '\u0300\u0301\u0302\u0303\u0304\u0315\u031b\u0489'.repeat(3)).join(
    '',
  );

export const HOSTILE_LABELS: readonly HostileLabel[] = [
  { what: 'a script', text: '</script><script>window.pwned=1</script>' },
  { what: 'an image', text: '<img src=x data-pwned onerror="window.pwned=1">' },
  { what: 'an attribute', text: '" onmouseover="window.pwned=1" data-pwned="' },
  { what: 'a link', text: 'javascript:window.pwned=1//' },
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what somebody types who hopes for a template
  { what: 'a template', text: '{{constructor.constructor("pwned")()}} ${7*7} {name, plural, other {#}}' },
  { what: 'marks from right to left', text: '\u202egnp.exe\u202c\u200f' },
  { what: 'isolates that are closed too soon', text: '\u2069\u2069\u2067abc' },
  { what: 'Hebrew', text: 'שלום, עולם (1)' },
  { what: '10 kB', text: 'x'.repeat(10_240) },
  { what: '321 characters', text: 'y'.repeat(321) },
  { what: 'a NUL', text: 'alice\u0000' },
  { what: 'control characters', text: 'a\u0001\u0008\u007f\u009bb' },
  { what: 'ANSI escapes', text: '\u001b[2J\u001b[31mroot\u001b[0m' },
  { what: 'a line break', text: 'alice\r\nSet-Cookie: pwned=1\r\n\r\n<html>' },
  { what: 'line separators', text: 'one\u2028two\u2029three' },
  { what: 'a lone surrogate', text: 'alice\ud800', encoded: 'alice%ED%A0%80' },
  { what: 'no UTF-8', text: '\ufffd', encoded: '%C0%AE%C0%AE%FF' },
  { what: 'half an escape', text: '%', encoded: '%' },
  { what: 'zalgo', text: zalgo('alice') },
  { what: 'the name of a prototype', text: '__proto__' },
  { what: 'the name of a constructor', text: 'constructor' },
  { what: 'a method of objects', text: 'toString' },
  { what: 'the folder above', text: '../../../etc/passwd' },
  { what: 'the folder above, as it is', text: '..', encoded: '../../console/index.html' },
  { what: 'the folder above, encoded', text: '..', encoded: '%2e%2e%2f%2e%2e%2f' },
  { what: 'the folder above, encoded twice', text: '..', encoded: '%252e%252e%252f' },
  { what: 'backslashes', text: '..\\..\\secret' },
  { what: 'encoded slashes', text: 'a/b/unlock', encoded: 'a%2Fb%2Funlock' },
  { what: 'a query and a fragment', text: 'a?b=c#d' },
  { what: 'SQL', text: "' OR 1=1; DROP TABLE lockout_record; --" },
  { what: 'wildcards', text: '%_*[a-z]\\' },
  { what: 'a byte order mark', text: '\ufeffalice' },
  { what: 'nothing but invisible characters', text: '\u200b\u200d\u2060' },
  { what: 'blanks', text: '   ' },
];

export const encodedOf = ({ text, encoded }: HostileLabel): string => encoded ?? encodeURIComponent(text);
