import { escapeHtml } from '../mail/escape-html.js';
import type { Letter } from '../mail/mailbox.js';
import type { User } from '../users/user.entity.js';
import type { Purpose } from './challenge.entity.js';
import { LIFE_MS } from './challenges.js';

const minutesOf = (purpose: Purpose): number => LIFE_MS[purpose] / 60_000;

function letter(user: User, subject: string, lines: readonly string[], link?: string): Letter {
  const paragraphs = lines.map((line) => `<p>${escapeHtml(line)}</p>`);
  if (link) paragraphs.splice(1, 0, `<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>`);
  const text = link ? [lines[0], link, ...lines.slice(1)] : lines;
  return { to: user.email, subject, text: `${text.join('\n\n')}\n`, html: paragraphs.join('\n') };
}

export const codeLetter = (user: User, code: string): Letter =>
  letter(user, 'Your sign-in code', [
    `Your code is ${code}`,
    `It works once, for ${minutesOf('otp')} minutes. If you did not ask for it, do nothing.`,
  ]);

export const linkLetter = (user: User, link: string): Letter =>
  letter(
    user,
    'Your sign-in link',
    [
      'Open this page and press its button to sign in:',
      `It works once, for ${minutesOf('magic-link')} minutes. If you did not ask for it, do nothing.`,
    ],
    link,
  );

export const resetLetter = (user: User, link: string): Letter =>
  letter(
    user,
    'Choose a new password',
    [
      'Open this page to choose a new password:',
      `It works once, for ${minutesOf('password-reset')} minutes. If you did not ask for it, do nothing.`,
    ],
    link,
  );
