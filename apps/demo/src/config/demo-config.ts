import { resolve } from 'node:path';
import type { OnStoreError } from 'nestjs-lockout';
import { z } from 'zod';
import { ConfigError } from './config-error.js';
import { type DatabaseChoice, readDatabase } from './database-url.js';
import { type ChosenPolicies, readPolicies } from './lockout-policies.js';
import { type MailSettings, readMail } from './mail-settings.js';
import { readSecrets, type Secrets } from './secrets.js';
import { readWebhook, type WebhookSettings } from './webhook-settings.js';

/** Everything that can be set from outside. */
export interface DemoConfig {
  readonly production: boolean;
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** What links in mails begin with; null: the address listened on. Never taken from a request's Host header. */
  readonly publicUrl: string | null;
  readonly database: DatabaseChoice;
  readonly lockout: ChosenPolicies;
  readonly secrets: Secrets;
  /** What is decided while the database does not answer. */
  readonly onStoreError: OnStoreError;
  readonly mail: MailSettings;
  /** Null: lockout events are posted nowhere. */
  readonly webhook: WebhookSettings | null;
}

/** Whether everybody can read everybody's mails: not in production, and not where a mail server has them. */
export const showsMails = ({ production, mail }: DemoConfig): boolean => !production && mail.smtpUrl === null;

const blankAsAbsent = (value: unknown): unknown => (value === '' ? undefined : value);

const environmentSchema = z.object({
  NODE_ENV: z.string().optional(),
  PORT: z.preprocess(blankAsAbsent, z.coerce.number().int().min(0).max(65_535).default(3000)),
  // This machine only: a sample app with well-known passwords does not belong on a network.
  HOST: z.preprocess(blankAsAbsent, z.string().default('127.0.0.1')),
  PUBLIC_URL: z.preprocess(blankAsAbsent, z.url({ protocol: /^https?$/ }).optional()),
  LOCKOUT_PRESET: z.preprocess(blankAsAbsent, z.string().default('reachfive')),
  LOCKOUT_POLICIES: z.string().optional(),
  LOCKOUT_SECRET: z.string().optional(),
  LOCKOUT_ON_STORE_ERROR: z.preprocess(blankAsAbsent, z.enum(['deny', 'allow', 'memory']).default('deny')),
  SESSION_SECRET: z.string().optional(),
  DATABASE_URL: z.string().optional(),
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().optional(),
  LOCKOUT_WEBHOOK_URL: z.string().optional(),
  LOCKOUT_WEBHOOK_SECRET: z.string().optional(),
});

/**
 * Reads the environment. `dataDir` holds the SQLite file and, in development, the secrets.
 * Throws {@link ConfigError} with everything that is wrong.
 */
export function readConfig(environment: NodeJS.ProcessEnv, dataDir = resolve('data')): DemoConfig {
  const parsed = environmentSchema.safeParse(environment);
  const problems: string[] = [];
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const values = parsed.success
    ? parsed.data
    : environmentSchema.parse({ ...environment, PORT: '', PUBLIC_URL: '', LOCKOUT_ON_STORE_ERROR: '' });
  const production = values.NODE_ENV === 'production';
  const lockout = readPolicies(values.LOCKOUT_PRESET, values.LOCKOUT_POLICIES, problems);
  const database = readDatabase(values.DATABASE_URL, dataDir, problems);
  const sources = { lockout: values.LOCKOUT_SECRET, session: values.SESSION_SECRET, production, dataDir };
  const secrets = readSecrets(sources, problems);
  const mail = readMail(values.SMTP_URL, values.MAIL_FROM, problems);
  const webhook = readWebhook(values.LOCKOUT_WEBHOOK_URL, values.LOCKOUT_WEBHOOK_SECRET, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  const {
    PORT: port,
    HOST: host,
    PUBLIC_URL: publicUrl = null,
    LOCKOUT_ON_STORE_ERROR: onStoreError,
  } = values;
  return { production, port, host, publicUrl, database, lockout, secrets, onStoreError, mail, webhook };
}
