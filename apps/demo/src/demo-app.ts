import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { AppModule, type AppOptions } from './app.module.js';
import { ListeningPlace } from './config/listening-place.js';
import { UNLOCK_PATH } from './events/lockout-mails.js';
import { ProblemFilter } from './http/problem.filter.js';
import { sessionMiddleware } from './sessions/session.middleware.js';
import { DatabaseSessionStore } from './sessions/session-store.js';

/** Nothing here needs more: a name, a password, a token. */
const BODY_LIMIT = '16kb';

/** The app, ready to listen. */
export async function createDemoApp(options: AppOptions): Promise<NestExpressApplication> {
  const place = await ListeningPlace.choose(options.config);
  try {
    return await assemble(options, place);
  } catch (error) {
    place.release();
    throw error;
  }
}

async function assemble(options: AppOptions, place: ListeningPlace): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(options, place), {
    // Only the parsers below.
    bodyParser: false,
    logger: ['error', 'warn'],
    // The caller says what went wrong, and closes what was opened.
    abortOnError: false,
  });
  app.disable('x-powered-by');
  // X-Forwarded-For counts when it comes from this machine: from a proxy in front of the app, or from demo:attack, which
  // plays many addresses. From anywhere else it is not looked at. Never `true`, which believes everybody (LCK004).
  app.set('trust proxy', 'loopback');
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          styleSrc: ["'self'"],
          fontSrc: ["'self'"],
          // Forms are sent by script, as JSON.
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
          // The app also speaks plain HTTP, on this machine.
          upgradeInsecureRequests: null,
        },
      },
      strictTransportSecurity: false,
    }),
  );
  app.useBodyParser('json', { limit: BODY_LIMIT, type: 'application/json' });
  // The page of an unlock link has a form that works without scripts. No other form is ever parsed, whoever posts it.
  app.useBodyParser('urlencoded', { extended: false, limit: BODY_LIMIT, type: isUnlockForm });
  app.use(sessionMiddleware(app.get(DatabaseSessionStore), options.config.secrets.session));
  app.useGlobalFilters(new ProblemFilter());
  app.enableShutdownHooks();
  return app;
}

function isUnlockForm({ headers, url = '' }: IncomingMessage): boolean {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  return isForm && url.split('?', 1)[0] === `/${UNLOCK_PATH}`;
}

/** Listens and returns the address to open. */
export async function listen(app: NestExpressApplication): Promise<string> {
  const place = app.get(ListeningPlace);
  // What takes its time comes first: a port that was held is let go of right before it is taken.
  await app.init();
  place.release();
  await app.listen(place.port, place.host);
  return place.url;
}
