import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const MIN_SECRET_BYTES = 32;

const secretSchema = z
  .string()
  .refine(
    (text) => Buffer.byteLength(text) >= MIN_SECRET_BYTES,
    `must have at least ${MIN_SECRET_BYTES} bytes`,
  );

const fileSchema = z.object({ lockout: secretSchema, session: secretSchema });

export interface Secrets {
  /** Hashes the keys of the lockout records; a new one would forget every lock. */
  readonly lockout: string;
  /** Signs session cookies; codes are hashed with keys derived from it. */
  readonly session: string;
}

export interface SecretSources {
  readonly lockout: string | undefined;
  readonly session: string | undefined;
  readonly production: boolean;
  readonly dataDir: string;
}

/**
 * The secrets given, or (development only) ones that are made once and kept in the data folder, so that locks and
 * sessions outlive a restart. Adds to `problems` what is wrong.
 */
export function readSecrets(sources: SecretSources, problems: string[]): Secrets {
  const given = {
    lockout: check('LOCKOUT_SECRET', sources.lockout, problems),
    session: check('SESSION_SECRET', sources.session, problems),
  };
  if (sources.production) {
    if (!sources.lockout)
      problems.push('LOCKOUT_SECRET is required with NODE_ENV=production (openssl rand -base64 32).');
    if (!sources.session)
      problems.push('SESSION_SECRET is required with NODE_ENV=production (openssl rand -base64 32).');
    return given;
  }
  if (given.lockout !== '' && given.session !== '') return given;
  const kept = keptSecrets(join(sources.dataDir, 'secrets.json'), sources.dataDir);
  return { lockout: given.lockout || kept.lockout, session: given.session || kept.session };
}

function check(name: string, value: string | undefined, problems: string[]): string {
  if (value === undefined || value === '') return '';
  const parsed = secretSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  problems.push(`${name} ${parsed.error.issues[0]?.message} (openssl rand -base64 32).`);
  return '';
}

/** Instances that start together agree: the file appears whole, and only the first one makes it. */
function keptSecrets(path: string, dataDir: string): Secrets {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const fresh = { lockout: randomBytes(32).toString('base64'), session: randomBytes(32).toString('base64') };
  writeFileSync(draft, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}
