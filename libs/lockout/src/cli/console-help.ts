/** Where to look: the end of every command's help. */
const WHERE = `
Where:
  --url, LOCKOUT_URL             the admin API of a running application: https://host/lockout
  --header, LOCKOUT_HEADER       what its guard wants to see, such as 'Cookie: …' (in the environment one a line)
  --database, LOCKOUT_DATABASE   straight at its store: mysql://, mariadb://, postgres://, redis://…, sqlite:/path
  --secrets-file, LOCKOUT_SECRETS  the application's key secrets, one a line (base64:… and hex:… for bytes)
Arguments can be read by everybody on a machine: prefer the environment for what is secret.
`;

const CODES = {
  status: `  0  a lock is in force
  1  not locked, or nothing is recorded`,
  read: '  0  done, also where there is nothing to tell',
  change: `  0  done
  1  nothing to do: not locked, nothing recorded, given up no more, or you said no`,
} as const;

const OTHER_CODES = `  2  the options are wrong (or the secrets do not fit the database); nothing was changed
  3  refused: not signed in, not permitted, not eligible, changed meanwhile, too many
  4  unreachable: the network, the server or the database; of a change it is not known whether it was made
  5  an answer or a database that is not the lockout store's, or a fault of theirs`;

/** The end of a command's help. */
export function consoleHelp(kind: keyof typeof CODES, examples: readonly string[]): string {
  const lines = examples.map((example) => `  $ nestjs-lockout ${example}`);
  return `
Examples:
${lines.join('\n')}
${WHERE}
Exit codes:
${CODES[kind]}
${OTHER_CODES}
`;
}
