import { type AttackOptions, readOptions, USAGE } from './attack/attack-options.js';
import { Attacker } from './attack/attacker.js';
import { campaign } from './attack/campaign.js';

/** Answers the exit code. */
async function main({ url, fast, help }: AttackOptions): Promise<number> {
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const attacker = new Attacker(url, fast);
  if (!(await attacker.finds())) {
    console.error(
      `The sample app does not answer at ${url}. Start it in another terminal: npm run demo\n` +
        'Where it says that it listens somewhere else: npm run demo:attack -- --url http://127.0.0.1:<port>',
    );
    return 1;
  }
  const phases = campaign();
  const width = Math.max(...phases.map(({ title }) => title.length));
  console.log(`Attacking ${url}${fast ? '' : ', for about a minute (--fast: at once)'}\n`);
  for (const [index, phase] of phases.entries()) {
    const tally = await attacker.play(phase);
    console.log(`${index + 1}  ${phase.title.padEnd(width)}   ${tally.summary()}`);
    if (tally.unanswered === phase.attempts.length) {
      console.error('The sample app does not answer any more.');
      return 1;
    }
  }
  console.log(
    '\n401: wrong password   429: refused unseen, locked   200: signed in   503: the database did not answer\n\n' +
      `Sign in as admin at ${url}/ and look: ${url}/lockout/console/`,
  );
  return 0;
}

function optionsOrUsage(): AttackOptions | null {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return null;
  }
}

const options = optionsOrUsage();
process.exitCode = options ? await main(options) : 2;
