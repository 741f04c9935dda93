import { AccountDirectory } from '../../admin/account-directory.js';
import { listAccounts } from '../../admin/account-list.js';
import {
  type AccountDetail,
  type AccountItem,
  type AddressItem,
  accountDetail,
} from '../../admin/account-view.js';
import { AddressDirectory, type AddressName } from '../../admin/address-directory.js';
import { listAddresses } from '../../admin/address-list.js';
import { type AddressDetail, addressDetail } from '../../admin/address-view.js';
import { type DeliveriesAnswer, DeliveryDesk } from '../../admin/delivery-desk.js';
import type { DeliveryPage } from '../../admin/delivery-view.js';
import { type EraseAnswer, eraseAccount } from '../../admin/erase-account.js';
import { exportedEvents } from '../../admin/event-export.js';
import type { EventView } from '../../admin/event-view.js';
import { type Explanation, explain } from '../../admin/explain.js';
import { type LockAnswer, lockAccount } from '../../admin/manual-lock.js';
import {
  type PolicyBody,
  type PolicyItem,
  policyBody,
  policyItems,
  type RevisionView,
  revisionView,
} from '../../admin/policy-view.js';
import { Problem } from '../../admin/problem.js';
import { ID, read, requireAtMost, SCHEMA } from '../../admin/schema.js';
import { storeNow } from '../../admin/store-now.js';
import { type UnlockAnswer, UnlockDesk } from '../../admin/unlock-desk.js';
import type { LockoutEngine } from '../../engine/lockout-engine.js';
import { PolicyNotFoundError } from '../../engine/policy-errors.js';
import { tagOfRecords } from '../../engine/seen-records.js';
import type { Actor } from '../../policy/index.js';
import type { Page } from '../../store/directory.js';
import type { PolicyTarget } from '../../store/policy-store.js';
import type {
  AccountChoice,
  AddressChoice,
  ConsoleSource,
  DeliveryChoice,
  EventChoice,
  ExportChoice,
  ListChoice,
} from './console-source.js';
import { eventPage } from './event-page.js';
import { OPERATOR_MAXIMUM, operatorPermission } from './operator.js';

export interface StoreSourceParts {
  readonly place: string;
  readonly notes: readonly string[];
  readonly engine: LockoutEngine;
  /** Whether the engine's policies are what code says; `false`: nobody here knows that. */
  readonly knowsCode: boolean;
  /** Runs a question or a change; turns what is thrown into what the operator is told. */
  readonly answering: <T>(work: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** The store itself, by the same functions that the admin API answers with, so that both say the same. */
export class StoreSource implements ConsoleSource {
  readonly kind = 'store';
  readonly place: string;
  readonly notes: readonly string[];
  private readonly engine: LockoutEngine;
  private readonly directory: AccountDirectory;
  private readonly addressDirectory: AddressDirectory;
  private readonly permission = operatorPermission();
  private readonly tags = new WeakMap<object, string>();

  constructor(private readonly parts: StoreSourceParts) {
    this.place = parts.place;
    this.notes = parts.notes;
    this.engine = parts.engine;
    this.directory = new AccountDirectory(parts.engine);
    this.addressDirectory = new AddressDirectory(parts.engine);
  }

  account(account: AccountChoice): Promise<AccountDetail> {
    return this.parts.answering(async () => {
      const found = await this.directory.find(checkedAccount(account));
      if (!found || found.records.length === 0)
        throw new Problem(404, 'Nothing is recorded under this name.');
      const now = await storeNow(this.engine);
      const detail = await accountDetail(this.engine, this.permission, found, now);
      this.tags.set(detail, tagOfRecords(found.records));
      return detail;
    });
  }

  tagOf(detail: AccountDetail): string | null {
    return this.tags.get(detail) ?? null;
  }

  address(address: AddressChoice): Promise<AddressDetail> {
    return this.parts.answering(async () => {
      const found = await this.addressDirectory.look(checkedAddress(address));
      if (!found) throw new Problem(404, 'Nothing is recorded under this address.');
      return addressDetail(this.engine, this.permission, found, await storeNow(this.engine));
    });
  }

  explain(account: AccountChoice, address: string): Promise<Explanation> {
    return this.parts.answering(async () => {
      if ('id' in account) throw new Problem(400, 'An account by its id cannot be tried.');
      // A lock of a policy that is not known here would look like none.
      if (!this.parts.knowsCode)
        throw new Problem(
          400,
          'What an attempt would meet the policies in code say: give --policies or --preset.',
        );
      const query = read(SCHEMA.explainQuery, {
        ...account,
        ...(account.unknown ? { unknown: 'true' } : {}),
        address,
      });
      return explain(this.engine, this.permission, query);
    });
  }

  accounts(query: ListChoice): Promise<Page<AccountItem>> {
    return this.parts.answering(async () =>
      listAccounts(this.engine, this.permission, read(SCHEMA.listQuery, query)),
    );
  }

  addresses(query: ListChoice): Promise<Page<AddressItem>> {
    return this.parts.answering(async () =>
      listAddresses(this.engine, this.permission, read(SCHEMA.listQuery, query)),
    );
  }

  events(query: EventChoice): Promise<Page<EventView>> {
    return this.parts.answering(() => eventPage(this.engine, read(SCHEMA.eventQuery, query)));
  }

  async *exportEvents(query: ExportChoice): AsyncGenerator<string, void, undefined> {
    const { answering } = this.parts;
    const pieces = await answering(async () =>
      exportedEvents(this.engine, this.permission, read(SCHEMA.exportQuery, query)),
    );
    for (;;) {
      const piece = await answering(() => pieces.next());
      if (piece.done) return;
      yield piece.value;
    }
  }

  deliveries(query: DeliveryChoice): Promise<DeliveryPage> {
    return this.parts.answering(async () =>
      new DeliveryDesk(this.engine, this.permission).page(read(SCHEMA.deliveryQuery, query)),
    );
  }

  policies(): Promise<{ readonly items: readonly PolicyItem[] }> {
    return this.parts.answering(async () => {
      const entries = await this.engine.policies.list();
      const known = this.parts.knowsCode ? entries : entries.filter(({ source }) => source === 'saved');
      const items = policyItems(known).map((item) => ({
        ...this.honest(item),
        brands: item.brands.map((brand) => this.honest(brand)),
      }));
      return { items };
    });
  }

  policy({ policy, brand }: PolicyTarget): Promise<PolicyBody> {
    return this.parts.answering(async () => {
      const target = { policy, brand };
      const entry = await this.engine.policies.get(target);
      if (!this.parts.knowsCode && entry.source !== 'saved') throw new PolicyNotFoundError(target);
      return this.honest(policyBody(entry));
    });
  }

  policyHistory(
    { policy, brand }: PolicyTarget,
    page: Pick<ListChoice, 'cursor' | 'limit'>,
  ): Promise<Page<RevisionView>> {
    return this.parts.answering(async () => {
      const target = { policy, brand };
      const { items, nextCursor } = await this.engine.policies.history(target, read(SCHEMA.pageQuery, page));
      return { items: items.map((revision) => revisionView(revision)), nextCursor };
    });
  }

  unlockAccounts(
    accounts: readonly AccountChoice[],
    at: string | null,
    { by, reason }: Actor,
    seen: string | null = null,
  ): Promise<UnlockAnswer> {
    return this.parts.answering(async () => {
      const where = at === null ? {} : { address: at };
      const desk = new UnlockDesk(this.engine, operatorPermission(by));
      const [only, ...more] = accounts;
      if (only && more.length === 0) {
        const body = read(SCHEMA.unlockAccount, { ...where, reason });
        const { reason: why, ...from } = body;
        const tags = seen === null ? null : [seen];
        return desk.account({ ...checkedAccount(only), ...from }, why, tags);
      }
      const body = read(SCHEMA.unlockAccounts, {
        accounts: accounts.map((account) => ({ ...account, ...where })),
        reason,
      });
      requireAtMost(OPERATOR_MAXIMUM, 'accounts', body.accounts);
      return desk.accountsTogether(body.accounts, body.reason);
    });
  }

  unlockAddresses(addresses: readonly AddressChoice[], { by, reason }: Actor): Promise<UnlockAnswer> {
    return this.parts.answering(async () => {
      const body = read(SCHEMA.unlockAddresses, { addresses, reason });
      requireAtMost(OPERATOR_MAXIMUM, 'addresses', body.addresses);
      return new UnlockDesk(this.engine, operatorPermission(by)).addressesTogether(
        body.addresses,
        body.reason,
      );
    });
  }

  readonly unlockEverything = (realm: string | null, { by, reason }: Actor) =>
    this.parts.answering(async () => {
      const { reason: why } = read(SCHEMA.unlockRecord, { reason });
      const actor = await operatorPermission(by).actor(why);
      const options = realm === null ? {} : { realm };
      const unlocked = await this.engine.accounts.unlockEverything(actor, options);
      return { changed: unlocked > 0, unlocked };
    });

  lockAccount(account: AccountChoice, until: string | null, { by, reason }: Actor): Promise<LockAnswer> {
    return this.parts.answering(async () => {
      const body = read(SCHEMA.lockAccount, { until, reason });
      return lockAccount(this.engine, operatorPermission(by), checkedAccount(account), body);
    });
  }

  eraseAccount(account: AccountChoice, confirm: string, { by, reason }: Actor): Promise<EraseAnswer> {
    return this.parts.answering(async () => {
      const body = read(SCHEMA.eraseAccount, { reason, confirm });
      return eraseAccount(this.engine, operatorPermission(by), checkedAccount(account), body);
    });
  }

  changeDeliveries(
    kind: 'retry' | 'drop',
    ids: readonly string[],
    { by, reason }: Actor,
  ): Promise<DeliveriesAnswer> {
    return this.parts.answering(async () => {
      const desk = new DeliveryDesk(this.engine, operatorPermission(by));
      const schema = kind === 'retry' ? SCHEMA.retryDeliveries : SCHEMA.dropDeliveries;
      const body = read(schema, { ids, reason });
      return kind === 'retry' ? desk.retry(body.ids, body.reason) : desk.drop(body.ids, body.reason);
    });
  }

  now(): Promise<number> {
    return this.parts.answering(() => storeNow(this.engine));
  }

  close(): Promise<void> {
    return this.parts.close();
  }

  /** Without the application's code nobody here knows what it says. */
  private honest<T extends PolicyBody>(body: T): T {
    return this.parts.knowsCode ? body : { ...body, configured: null };
  }
}

function checkedAccount(choice: AccountChoice) {
  if ('id' in choice) {
    if (!ID.test(choice.id)) throw new Problem(404, 'No account has this id.');
    return { id: choice.id };
  }
  const { realm, account, unknown } = choice;
  const name = { realm: read(SCHEMA.realm, realm), account: read(SCHEMA.accountId, account) };
  return unknown ? { ...name, unknown } : name;
}

function checkedAddress(choice: AddressChoice): AddressName {
  if (!('id' in choice)) return { realm: read(SCHEMA.realm, choice.realm), address: choice.address };
  if (!ID.test(choice.id)) throw new Problem(404, 'No address has this id.');
  return { id: choice.id };
}
