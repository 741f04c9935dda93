import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { AppModule, type AppOptions } from './app.module.js';
import { ProblemFilter } from './http/problem.filter.js';
import { PUBLIC_URL, type PublicUrl } from './pages/public-url.js';
import { sessionMiddleware } from './sessions/session.middleware.js';
import { DatabaseSessionStore } from './sessions/session-store.js';

/** Nothing here needs more: a name, a password, a token. */
const BODY_LIMIT = '16kb';

/** The app, ready to listen. */
export async function createDemoApp(options: AppOptions): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.register(options), {
    // Only the JSON parser, below: a form is never parsed, whoever posts it.
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
  app.use(sessionMiddleware(app.get(DatabaseSessionStore), options.config.secrets.session));
  app.useGlobalFilters(new ProblemFilter());
  app.enableShutdownHooks();
  return app;
}

/** Listens and returns the address to open. */
export async function listen(app: NestExpressApplication, { config }: AppOptions): Promise<string> {
  await app.listen(config.port, config.host);
  const { port } = app.getHttpServer().address() as { readonly port: number };
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = config.publicUrl ?? `http://${['0.0.0.0', '[::]'].includes(host) ? 'localhost' : host}:${port}`;
  app.get<PublicUrl>(PUBLIC_URL).set(url);
  return url;
}
