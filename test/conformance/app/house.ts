import { afterAll, beforeAll } from '@jest/globals';
import { type DatabaseServer, describeEach, serversOf, type TestDatabase } from '../../support/databases.js';
import { MovingClock } from './moving-clock.js';
import { type NewPerson, People } from './people.js';
import { ADMINISTRATOR, Site, type SiteOptions } from './site.js';
import { Visitor } from './visitor.js';

const PASSWORD = 'correct horse';

/** Applications on one database, with one clock and the same people. Every visitor has an address of its own. */
export class House {
  private readonly sites = new Map<SiteOptions, Promise<Site>>();
  private readonly extra: Site[] = [];
  private readonly administrators = new Map<Site, Promise<Visitor>>();
  private readonly people = new People();
  private addresses = 0;
  private names = 0;

  private constructor(
    private readonly server: DatabaseServer,
    private readonly database: TestDatabase,
    readonly clock: MovingClock,
  ) {}

  /** On a fresh database; `start` is the time at first, ISO-8601. */
  static async open(server: DatabaseServer, start: string): Promise<House> {
    return new House(server, await server.create(), new MovingClock(start));
  }

  /** Another one, on an empty database of the same server. To be closed by whoever asks. */
  another(): Promise<House> {
    return House.open(this.server, new Date(this.clock.now()).toISOString());
  }

  /** The application with these options; the same object, the same application. */
  site(options: SiteOptions): Promise<Site> {
    const running = this.sites.get(options);
    if (running) return running;
    const site = Site.start(options, this.grounds);
    this.sites.set(options, site);
    return site;
  }

  /** Another process of an application. */
  async process(options: SiteOptions): Promise<Site> {
    const site = await Site.start(options, this.grounds);
    this.extra.push(site);
    return site;
  }

  /** Somebody new with an account. */
  async person(options: SiteOptions, facts: Partial<NewPerson> = {}): Promise<Visitor> {
    const { password = PASSWORD } = facts;
    this.names += 1;
    const person = await this.people.add({ name: `person ${this.names}`, ...facts, password });
    const { realm, name } = person;
    return new Visitor(await this.site(options), person, { realm, name, password }, this.place());
  }

  /** Somebody who tries a name that nobody has. */
  async stranger(options: SiteOptions, realm = 'default'): Promise<Visitor> {
    this.names += 1;
    const credentials = { realm, name: `nobody ${this.names}`, password: PASSWORD };
    return new Visitor(await this.site(options), null, credentials, this.place());
  }

  /** Signed in, and may do everything. */
  async administrator(options: SiteOptions): Promise<Visitor> {
    return this.administratorOf(await this.site(options));
  }

  administratorOf(site: Site): Promise<Visitor> {
    const known = this.administrators.get(site);
    if (known) return known;
    const signedIn = this.newAdministrator(site);
    this.administrators.set(site, signedIn);
    return signedIn;
  }

  /** An address where nobody was yet. */
  address(): string {
    this.addresses += 1;
    return `10.${this.addresses >> 16}.${(this.addresses >> 8) & 255}.${this.addresses & 255}`;
  }

  async close(): Promise<void> {
    const running = await Promise.allSettled(this.sites.values());
    const sites = running.flatMap((site) => (site.status === 'fulfilled' ? [site.value] : []));
    await Promise.all([...sites, ...this.extra].map((site) => site.close()));
    await this.database.drop();
  }

  private async newAdministrator(site: Site): Promise<Visitor> {
    this.names += 1;
    const name = `administrator ${this.names}`;
    const person = await this.people.add({ name, password: PASSWORD, permissions: [ADMINISTRATOR] });
    const credentials = { realm: person.realm, name, password: PASSWORD };
    return new Visitor(site, person, credentials, this.place()).session();
  }

  private get grounds() {
    return { database: this.database, clock: this.clock, people: this.people };
  }

  private place() {
    return { address: this.address() };
  }
}

/** A suite on each database of the conformance table. `start`: what time it is at first, ISO-8601. */
export function onBothDatabases(
  title: string,
  suite: (house: () => House) => void,
  start = '2026-01-01T00:00:00.000Z',
): void {
  describeEach(serversOf('SQLite', 'MariaDB'), `${title} over HTTP on $name`, (server) => {
    let house: House | undefined;
    beforeAll(async () => {
      house = await House.open(server, start);
    });
    afterAll(() => house?.close());
    suite(() => {
      if (!house) throw new Error('There is no database.');
      return house;
    });
  });
}
