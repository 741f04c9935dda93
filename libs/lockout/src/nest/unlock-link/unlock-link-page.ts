import { createHash } from 'node:crypto';
import escapeHtml from 'escape-html';
import type { UnlockLinkTexts } from './unlock-link-texts.js';

/** What one page shows. */
export interface UnlockLinkPage {
  readonly texts: UnlockLinkTexts;
  readonly title: string;
  readonly body: string;
  /** Sent by the button; absent: there is none. */
  readonly token?: string;
  /** Where a link leads; absent: there is none. */
  readonly signInUrl?: string | null;
}

const STYLE = [
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1.5rem;color:#1c1e21;background:#fff}',
  'h1{font-size:1.5rem;line-height:1.25}',
  'button{font:inherit;font-weight:600;padding:.75rem 1.5rem;border:0;border-radius:.5rem;color:#fff;background:#1a56db;cursor:pointer}',
  'button:focus-visible,a:focus-visible{outline:3px solid #1a56db;outline-offset:2px}',
  '@media (prefers-color-scheme:dark){body{color:#e6e8eb;background:#16181c}a{color:#8ab4ff}}',
].join('');

/**
 * On every answer of the page: kept by nobody, found by nobody, and telling nobody the address that holds the token. It
 * runs no script, loads nothing, sends its form to nobody but this site, and stands in no frame (no click is stolen).
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex, nofollow, noarchive',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
});

/** The page as HTML. Whatever comes in is escaped. */
export function renderPage({ texts, title, body, token, signInUrl }: UnlockLinkPage): string {
  // An empty query: the token is sent in the body, and stands in no address any more.
  const form =
    token === undefined
      ? ''
      : `<form method="post" action="?"><input type="hidden" name="token" value="${escapeHtml(token)}">` +
        `<button type="submit">${escapeHtml(texts.askButton)}</button></form>`;
  const link = signInUrl ? `<p><a href="${escapeHtml(signInUrl)}">${escapeHtml(texts.signIn)}</a></p>` : '';
  return (
    `<!doctype html>\n<html lang="${escapeHtml(texts.language)}">\n<head>\n<meta charset="utf-8">\n` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
    '<meta name="robots" content="noindex, nofollow, noarchive">\n' +
    `<title>${escapeHtml(title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n<main>\n` +
    `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(body)}</p>\n${form}${link}\n</main>\n</body>\n</html>\n`
  );
}
