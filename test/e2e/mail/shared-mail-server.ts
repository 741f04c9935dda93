import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { MailServer } from './mail-server.js';

/** A mail server for all tests of a file, empty when each of them begins. */
export function sharedMailServer(): MailServer {
  const server = new MailServer();
  beforeAll(() => server.start());
  beforeEach(() => {
    server.take();
  });
  afterAll(() => server.stop());
  return server;
}
