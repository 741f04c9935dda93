import 'reflect-metadata';
import { announcement } from './announcement.js';
import { ConfigError } from './config/config-error.js';
import { readConfig } from './config/demo-config.js';
import { createDemoApp, listen } from './demo-app.js';

/** For connections that do not end by themselves after SIGTERM. */
const SHUTDOWN_MS = 10_000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const app = await createDemoApp({ config });
  const url = await listen(app);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    });
  }
  console.log(announcement(config, url));
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
