import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { AdminApp } from './admin-app.js';
import { follow } from './event-client.js';

type Json = Readonly<Record<string, unknown>>;

interface Documented {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: Json;
  }[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
}

/** The part of the served document that tests read. */
export interface ServedDocument {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>;
    readonly responses: Readonly<Record<string, { readonly content?: Json; readonly headers?: Json }>>;
  };
}

export interface Call {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** `Body`: what the test reads of it; that it is so the document says, which was compared. */
export interface Heard<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/**
 * Makes calls as the document that the API serves describes them, and throws for whatever of a call or its answer the
 * document does not know.
 */
export class DocumentedApi {
  /** `<operation> <status>` of every call so far. */
  readonly seen = new Set<string>();
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });

  private constructor(
    readonly document: ServedDocument,
    private readonly base: string,
  ) {
    formats.default(this.ajv);
    this.ajv.addSchema(tightened(document), 'document');
  }

  static async of(admin: AdminApp, mount = '/lockout'): Promise<DocumentedApi> {
    const { body } = await admin.get(`${mount}/openapi.json`);
    const document = body as unknown as ServedDocument;
    const at = new URL(document.servers[0]?.url ?? '', `${admin.url}${mount}/openapi.json`);
    return new DocumentedApi(document, at.href);
  }

  /** Every documented operation, by its id. */
  get operations(): ReadonlyMap<
    string,
    { readonly method: string; readonly template: string; readonly at: Documented }
  > {
    return new Map(
      Object.entries(this.document.paths).flatMap(([template, methods]) =>
        Object.entries(methods).map(([method, at]) => [at.operationId, { method, template, at }] as const),
      ),
    );
  }

  /** The answer, if it is one of those documented. */
  async call<Body = unknown>(
    id: string,
    { path = {}, query = {}, body, headers = {} }: Call = {},
  ): Promise<Heard<Body>> {
    const operation = this.operations.get(id);
    if (!operation) throw new Error(`${id} is not in the document.`);
    const { method, template, at } = operation;
    const url = new URL(
      this.base + template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? '')),
    );
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const sent = {
      'x-user': 'admin',
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-lockout-admin': '1' }),
      ...headers,
    };
    const given = Object.fromEntries(
      Object.entries(sent).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;
    const response = isStream(at)
      ? await headOf(url, given)
      : await fetch(url, {
          method: method.toUpperCase(),
          redirect: 'manual',
          headers: given,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
    const heard = await this.checked(id, `/paths/${pointer(template)}/${method}`, at, response);
    if (response.status < 400)
      this.checkSent(id, `/paths/${pointer(template)}/${method}`, at, { query, body });
    this.seen.add(`${id} ${response.status}`);
    return heard as Heard<Body>;
  }

  /** Throws for an answer whose status, type, headers or body are not documented. */
  private async checked(
    id: string,
    place: string,
    at: Documented,
    response: Response,
  ): Promise<Heard<unknown>> {
    const { status, headers } = response;
    const documented = at.responses[status];
    if (!documented) throw new Error(`${id} answers ${status}, which is not documented.`);
    const inComponents = documented.$ref?.replace(/^#/, '');
    const answer = (inComponents ? this.at(inComponents) : documented) as {
      readonly content?: Readonly<Record<string, { readonly schema?: Json }>>;
      readonly headers?: Json;
    };
    for (const name of ['etag', 'location', 'retry-after', 'idempotency-replayed']) {
      const isKnown = Object.keys(answer.headers ?? {}).some((known) => known.toLowerCase() === name);
      // Frameworks tag every answer of their own accord.
      const isTag = name === 'etag' && headers.get(name)?.startsWith('W/');
      if (headers.has(name) && !isKnown && !isTag)
        throw new Error(`${id} ${status} has ${name}, undocumented.`);
    }
    const type = headers.get('content-type') ?? '';
    const text = await response.text();
    if (text === '' && !answer.content) return { status, headers, body: null };
    const documentedType = this.documentedType(id, answer.content, type);
    const isJson = /^application\/(problem\+)?json\b/.test(type);
    const body: unknown = isJson ? JSON.parse(text) : text;
    if (answer.content?.[documentedType]?.schema) {
      const where = `${inComponents ?? `${place}/responses/${status}`}/content/${pointer(documentedType)}/schema`;
      this.assertValid(`${id} ${status}`, where, body);
    }
    return { status, headers, body };
  }

  private documentedType(id: string, content: Json | undefined, type: string): string {
    const plain = (text: string): string => text.split(';', 1)[0]?.trim() ?? '';
    const types = Object.keys(content ?? {});
    const found =
      types.find((known) => plain(known) === plain(type)) ?? types.find((known) => known === '*/*');
    if (!found) throw new Error(`${id} answers ${type}, which is not documented.`);
    return found;
  }

  /** What was understood has to be documented as such. */
  private checkSent(id: string, place: string, at: Documented, { query = {}, body }: Call): void {
    for (const [name, value] of Object.entries(query)) {
      const index = at.parameters?.findIndex((known) => known.in === 'query' && known.name === name) ?? -1;
      const parameter = at.parameters?.[index];
      if (!parameter) throw new Error(`${id} takes ${name}, which is not documented.`);
      const type = parameter.schema['type'];
      const meant = type === 'integer' ? Number(value) : type === 'boolean' ? value === 'true' : value;
      this.assertValid(`${id} ?${name}`, `${place}/parameters/${index}/schema`, meant);
    }
    if (body === undefined) return;
    this.assertValid(`${id} body`, `${place}/requestBody/content/application~1json/schema`, body);
  }

  private assertValid(what: string, where: string, value: unknown): void {
    const validate = this.ajv.compile({ $ref: `document#${where}` }) as ValidateFunction;
    if (validate(value)) return;
    throw new Error(`${what} is not what the document says: ${this.ajv.errorsText(validate.errors)}`);
  }

  private at(place: string): unknown {
    return place
      .split('/')
      .slice(1)
      .reduce<unknown>((value, key) => (value as Json)[key.replaceAll('~1', '/')], this.document);
  }
}

const isStream = ({ responses }: Documented): boolean =>
  JSON.stringify(responses).includes('text/event-stream');

/** Of a stream what comes at first; of anything else all. */
async function headOf(url: URL, headers: Record<string, string>): Promise<Response> {
  const client = await follow(url.href, { 'x-user': '', ...headers });
  if (client.status !== 200) await client.ended;
  const head = Object.entries(client.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const response = new Response(client.text(), { status: client.status, headers: head });
  client.leave();
  return response;
}

const pointer = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The same, but with objects that have no fields beside those that are named: so that none is forgotten. */
function tightened(value: unknown): Json {
  const tighten = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(tighten);
    if (typeof part !== 'object' || part === null) return part;
    const made = Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, tighten(inner)]));
    const isOpenObject = made['type'] === 'object' && made['properties'] && !('additionalProperties' in made);
    return isOpenObject ? { ...made, additionalProperties: false } : made;
  };
  return tighten(value) as Json;
}
