import escapeHtml from 'escape-html';
import type { MailBlock, MailLetter } from './mail-letter.js';

/** A letter as it is sent: plain text, and the same as HTML. */
export interface ComposedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const PAGE = 'margin:0;padding:24px 16px;font-family:system-ui,-apple-system,Segoe UI,Arial,sans-serif';
const SHEET = 'max-width:560px;margin:0 auto;font-size:16px;line-height:1.5';
const CELL = 'padding:2px 16px 2px 0;text-align:start;vertical-align:top;overflow-wrap:anywhere';
/** The only colours that are set, foreground and background together: everything else is the reader's own, light or dark. */
const BUTTON =
  'display:inline-block;padding:10px 18px;border-radius:6px;background-color:#1a4fb4;color:#ffffff;font-weight:600;text-decoration:none';

/** Languages that are written from right to left. */
const RIGHT_TO_LEFT = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** Puts a letter into text and HTML. Pure; everything that is not markup of ours is escaped. */
export function mailBody(letter: MailLetter): ComposedMail {
  return { subject: letter.subject, text: textOf(letter), html: htmlOf(letter) };
}

function textOf({ greeting, blocks, footer }: MailLetter): string {
  const parts = blocks.map((block) => {
    if (block.kind === 'line') return block.text;
    if (block.kind === 'link') return `${block.label}:\n${block.url}`;
    return block.rows.map(([name, value]) => `${name}: ${value}`).join('\n');
  });
  return `${[greeting, ...parts, footer].join('\n\n')}\n`;
}

function htmlOf({ locale, title, greeting, blocks, footer }: MailLetter): string {
  const [language = ''] = locale.split('-');
  const attributes = `lang="${escapeHtml(locale)}" dir="${RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'}"`;
  const heading = escapeHtml(title);
  return `<!DOCTYPE html>
<html ${attributes}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${heading}</title>
</head>
<body style="${PAGE}">
<div ${attributes} style="${SHEET}">
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${heading}</h1>
${[paragraph(greeting), ...blocks.map(blockHtml)].join('\n')}
<hr style="margin:24px 0 12px;border:0;border-top:1px solid #808080">
<p style="margin:0;font-size:13px">${escapeHtml(footer)}</p>
</div>
</body>
</html>
`;
}

const paragraph = (text: string): string => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;

function blockHtml(block: MailBlock): string {
  if (block.kind === 'line') return paragraph(block.text);
  if (block.kind === 'link') {
    const { label, url } = block;
    return `<p style="margin:0 0 16px"><a href="${escapeHtml(url)}" style="${BUTTON}">${escapeHtml(label)}</a></p>`;
  }
  const rows = block.rows.map(
    ([name, value]) =>
      `<tr><th scope="row" style="${CELL};font-weight:600">${escapeHtml(name)}</th>` +
      `<td dir="auto" style="${CELL}">${escapeHtml(value)}</td></tr>`,
  );
  return `<table style="margin:0 0 16px;border-collapse:collapse">\n${rows.join('\n')}\n</table>`;
}
