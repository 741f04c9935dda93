import { DEFAULT_URL } from './attack/attack-options.js';
import { type DemoConfig, showsMails } from './config/demo-config.js';
import { type ForecastLock, forecast } from './config/forecast.js';
import { CUSTOMERS, type Realm, STAFF } from './users/realm.js';
import { CROWD, SEED_PASSWORD, SEEDS } from './users/seeds.js';

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
    'The owner is mailed, with a link that lifts this lock where the policy lets it.',
    'Administrators see and lift locks in the console; a completed "forgot password" lifts one where the policy says so.',
  ];
}

/** The members of a realm who have a part to play, as the list of names. */
const members = (realm: Realm): string =>
  SEEDS.filter((seed) => seed.realm === realm && seed.role === 'member')
    .map(({ username }) => username)
    .filter((username) => realm !== CUSTOMERS || !CROWD.includes(username))
    .join(', ');

/** Where codes, links, and what happened at an account can be read. */
function mails(config: DemoConfig, url: string): readonly string[] {
  const { smtpUrl } = config.mail;
  // Without the password that may be in the URL.
  if (smtpUrl !== null) return [`  Mails              go out by ${new URL(smtpUrl).host}`];
  return showsMails(config)
    ? [`  Mails              ${url}/inbox   (all that are written; JSON: ${url}/mailbox)`]
    : [];
}

/** What to open, whom to be, and what will happen. */
export function announcement(config: DemoConfig, url: string): string {
  const elsewhere = url === DEFAULT_URL ? '' : ` -- --url ${url}`;
  return [
    '',
    `nestjs-lockout sample app: ${url}`,
    '',
    `  Sign in            ${url}/`,
    ...mails(config, url),
    `  Console            ${url}/lockout/console/   (API: ${url}/lockout)`,
    `  Locked accounts    ${url}/admin   (a page of the sample app's own)`,
    '',
    `  Password of all    ${SEED_PASSWORD}`,
    `  Customers          ${members(CUSTOMERS)}, and ${CROWD.length} more (realm ${CUSTOMERS})`,
    '                     olga owns an organisation and mia is in two: nobody can unlock these here',
    `  Staff              ${members(STAFF)} (realm ${STAFF}; this alice is somebody else)`,
    `  Administrators     admin: everything; user-manager: customers; it-admin, who signs in as staff: staff`,
    '',
    `  Something to see   npm run demo:attack${elsewhere}   (in another terminal)`,
    '',
    `  What will happen (${config.lockout.title}):`,
    ...outlook(config).map((line) => `  - ${line}`),
    '',
  ].join('\n');
}
