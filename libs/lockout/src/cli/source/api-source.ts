import type { AccountDetail, AccountItem, AddressItem } from '../../admin/account-view.js';
import type { AddressDetail } from '../../admin/address-view.js';
import type { DeliveriesAnswer } from '../../admin/delivery-desk.js';
import type { DeliveryPage } from '../../admin/delivery-view.js';
import type { EraseAnswer } from '../../admin/erase-account.js';
import type { EventView } from '../../admin/event-view.js';
import type { Explanation } from '../../admin/explain.js';
import type { LockAnswer } from '../../admin/manual-lock.js';
import type { PolicyBody, PolicyItem, RevisionView } from '../../admin/policy-view.js';
import type { UnlockAnswer } from '../../admin/unlock-desk.js';
import type { Actor } from '../../policy/index.js';
import type { Page } from '../../store/directory.js';
import type { PolicyTarget } from '../../store/policy-store.js';
import { SHAPE, shaped } from './answer-shape.js';
import type { ApiCall } from './api-call.js';
import type {
  AccountChoice,
  AddressChoice,
  ConsoleSource,
  DeliveryChoice,
  EventChoice,
  ExportChoice,
  ListChoice,
} from './console-source.js';
import { SourceProblem } from './source-problem.js';

/** Stands where a realm would, before an id. */
const BY_ID = '-';

/** The admin API of a running application. */
export class ApiSource implements ConsoleSource {
  readonly kind = 'api';
  readonly notes: readonly string[] = [];
  /** Everybody at once is no call of the API. */
  readonly unlockEverything = null;

  private readonly tags = new WeakMap<object, string | null>();

  constructor(
    readonly place: string,
    private readonly call: ApiCall,
    /** Of this machine, where the server does not tell its own. */
    private readonly clock: () => number,
  ) {}

  async account(account: AccountChoice): Promise<AccountDetail> {
    const query = 'unknown' in account ? { unknown: 'true' } : {};
    const path = `accounts/${accountPath(account)}`;
    const { body, tag } = await this.call.send({ method: 'GET', path, query });
    const detail: AccountDetail = shaped(SHAPE.detail, body);
    this.tags.set(detail, tag);
    return detail;
  }

  tagOf(detail: AccountDetail): string | null {
    return this.tags.get(detail) ?? null;
  }

  async address(address: AddressChoice): Promise<AddressDetail> {
    const path = 'id' in address ? [BY_ID, address.id] : [address.realm, address.address];
    return shaped(SHAPE.detail, await this.get(`addresses/${pathOf(path)}`));
  }

  async explain(account: AccountChoice, address: string): Promise<Explanation> {
    if ('id' in account)
      throw new SourceProblem({ status: 400, detail: 'An account by its id cannot be tried.' });
    const { unknown, ...name } = account;
    const query = { ...name, ...(unknown ? { unknown: 'true' } : {}), address };
    return shaped(SHAPE.explanation, await this.get('explain', query));
  }

  async accounts(query: ListChoice): Promise<Page<AccountItem>> {
    return shaped(SHAPE.page, await this.get('accounts', { ...query }));
  }

  async addresses(query: ListChoice): Promise<Page<AddressItem>> {
    return shaped(SHAPE.page, await this.get('addresses', { ...query }));
  }

  async events(query: EventChoice): Promise<Page<EventView>> {
    return shaped(SHAPE.page, await this.get('events', { ...query }));
  }

  exportEvents(query: ExportChoice): AsyncIterable<string> {
    return this.call.lines({ path: 'events/export', query: { ...query } });
  }

  async deliveries(query: DeliveryChoice): Promise<DeliveryPage> {
    return shaped(SHAPE.deliveries, await this.get('deliveries', { ...query }));
  }

  async policies(): Promise<{ readonly items: readonly PolicyItem[] }> {
    return shaped(SHAPE.items, await this.get('policies'));
  }

  async policy(target: PolicyTarget): Promise<PolicyBody> {
    return shaped(SHAPE.policy, await this.get(`policies/${policyPath(target)}`));
  }

  async policyHistory(
    target: PolicyTarget,
    page: Pick<ListChoice, 'cursor' | 'limit'>,
  ): Promise<Page<RevisionView>> {
    return shaped(SHAPE.page, await this.get(`policies/${policyPath(target)}/history`, { ...page }));
  }

  async unlockAccounts(
    accounts: readonly AccountChoice[],
    at: string | null,
    { reason }: Actor,
    seen: string | null = null,
  ): Promise<UnlockAnswer> {
    const where = at === null ? {} : { address: at };
    const [only, ...more] = accounts;
    // One alone may be unlocked already: that is an answer, and no problem.
    if (only && more.length === 0) {
      const query = 'unknown' in only ? '?unknown=true' : '';
      return this.change(`accounts/${accountPath(only)}/unlock${query}`, { ...where, reason }, seen);
    }
    return this.change('accounts/unlock', {
      accounts: accounts.map((account) => ({ ...account, ...where })),
      reason,
    });
  }

  async unlockAddresses(addresses: readonly AddressChoice[], { reason }: Actor): Promise<UnlockAnswer> {
    return this.change('addresses/unlock', { addresses, reason });
  }

  async lockAccount(account: AccountChoice, until: string | null, { reason }: Actor): Promise<LockAnswer> {
    const query = 'unknown' in account ? '?unknown=true' : '';
    return this.change(`accounts/${accountPath(account)}/lock${query}`, { until, reason });
  }

  async eraseAccount(account: AccountChoice, confirm: string, { reason }: Actor): Promise<EraseAnswer> {
    const query = 'unknown' in account ? '?unknown=true' : '';
    return this.change(`accounts/${accountPath(account)}/erase${query}`, { reason, confirm });
  }

  async changeDeliveries(
    kind: 'retry' | 'drop',
    ids: readonly string[],
    { reason }: Actor,
  ): Promise<DeliveriesAnswer> {
    return this.change(`deliveries/${kind}`, { ids, reason });
  }

  async now(): Promise<number> {
    try {
      const { now } = shaped<{ readonly now: string }>(SHAPE.me, await this.get('me'));
      return Date.parse(now);
    } catch (error) {
      // A release before this one has no such call.
      if (error instanceof SourceProblem && error.body.status === 404) return this.clock();
      throw error;
    }
  }

  async close(): Promise<void> {}

  private async get(
    path: string,
    query: Readonly<Record<string, string | undefined>> = {},
  ): Promise<unknown> {
    return (await this.call.send({ method: 'GET', path, query })).body;
  }

  private async change<T>(path: string, change: unknown, tag: string | null = null): Promise<T> {
    const { body } = await this.call.send({ method: 'POST', path, body: change, tag });
    return shaped(SHAPE.change, body);
  }
}

const accountPath = (account: AccountChoice): string =>
  pathOf('id' in account ? [BY_ID, account.id] : [account.realm, account.account]);

const policyPath = ({ policy, brand }: PolicyTarget): string =>
  pathOf(brand === null ? [policy] : [policy, 'brands', brand]);

/** @throws {SourceProblem} for a segment that no URL can hold. */
function pathOf(segments: readonly string[]): string {
  return segments
    .map((segment) => {
      if (segment === '.' || segment === '..' || segment === '')
        throw new SourceProblem(
          { status: 400, detail: `${JSON.stringify(segment)} cannot stand in a path.` },
          'Name it by the id that list shows, with --id.',
        );
      return encodeURIComponent(segment);
    })
    .join('/');
}
