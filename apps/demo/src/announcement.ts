import type { DemoConfig } from './config/demo-config.js';
import { type ForecastLock, forecast } from './config/forecast.js';
import { SEED_PASSWORD, SEED_USERS } from './users/seeding.js';

function inWords(ms: number): string {
  const units = [
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
  ] as const;
  const [unit, size] = units.find(([, unitMs]) => ms >= unitMs && ms % unitMs === 0) ?? ['second', 1000];
  const count = Math.ceil(ms / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const lasting = ({ lockMs }: ForecastLock): string =>
  lockMs === null ? 'until admin unlocks the account' : `for ${inWords(lockMs)}`;

/** What the chosen policies will do to whoever keeps guessing at one account. */
function outlook({ lockout: { policies } }: DemoConfig): readonly string[] {
  const [first, ...later] = forecast(policies, 'password');
  if (!first) return ['These policies do not lock anybody for wrong passwords.'];
  return [
    `${plural(first.wrongAnswers, 'wrong password')} for one account: each answers 401.`,
    `From then on every password, the right one too, is refused with 429 ${lasting(first)}.`,
    ...later.map(
      (lock) => `After that ${plural(lock.wrongAnswers, 'wrong password')} more: refused ${lasting(lock)}.`,
    ),
    'The administrator sees and lifts the lock at /admin; a completed "forgot password" lifts it where the policy says so.',
  ];
}

/** What to open, whom to be, and what will happen. */
export function announcement(config: DemoConfig, url: string): string {
  const names = Object.entries(SEED_USERS).filter(([, role]) => role === 'member');
  const admins = Object.entries(SEED_USERS).filter(([, role]) => role === 'admin');
  const list = (entries: typeof names): string => entries.map(([name]) => name).join(', ');
  return [
    '',
    `nestjs-lockout sample app: ${url}`,
    '',
    `  Sign in            ${url}/`,
    ...(config.production ? [] : [`  Mails              ${url}/inbox   (JSON: ${url}/mailbox)`]),
    `  Locked accounts    ${url}/admin   (API: ${url}/lockout)`,
    '',
    `  Accounts           ${list(names)}; administrator: ${list(admins)}`,
    `  Password of all    ${SEED_PASSWORD}`,
    '',
    `  What will happen (${config.lockout.title}):`,
    ...outlook(config).map((line) => `  - ${line}`),
    '',
  ].join('\n');
}
