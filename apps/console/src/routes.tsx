import type { VNode } from 'preact';
import { matchPattern } from './address.js';
import { AccountPage } from './pages/accounts/account-page.js';
import { AccountsPage } from './pages/accounts/accounts-page.js';
import { AddressPage } from './pages/addresses/address-page.js';
import { AddressesPage } from './pages/addresses/addresses-page.js';
import { DeliveriesPage } from './pages/deliveries/deliveries-page.js';
import { HistoryPage } from './pages/history/history-page.js';
import { LockPage } from './pages/lock/lock-page.js';
import { NotFoundPage } from './pages/not-found-page.js';
import { OverviewPage } from './pages/overview/overview-page.js';
import { PoliciesPage } from './pages/policies/policies-page.js';
import { PolicyPage } from './pages/policies/policy-page.js';

type Values = Readonly<Record<string, string>>;

/** Which page a place in the console is. Values are those of the pattern's parts that begin with a colon. */
const ROUTES: readonly { readonly pattern: string; readonly page: (values: Values) => VNode }[] = [
  { pattern: '', page: () => <OverviewPage /> },
  { pattern: 'accounts', page: () => <AccountsPage /> },
  {
    pattern: 'accounts/:realm/:account',
    page: ({ realm = '', account = '' }) => (
      <AccountPage key={`${realm}/${account}`} realm={realm} account={account} />
    ),
  },
  { pattern: 'addresses', page: () => <AddressesPage /> },
  {
    pattern: 'addresses/:realm/:address',
    page: ({ realm = '', address = '' }) => (
      <AddressPage key={`${realm}/${address}`} realm={realm} address={address} />
    ),
  },
  { pattern: 'history', page: () => <HistoryPage /> },
  { pattern: 'deliveries', page: () => <DeliveriesPage /> },
  { pattern: 'policies', page: () => <PoliciesPage /> },
  { pattern: 'policies/:name', page: ({ name = '' }) => <PolicyPage key={name} name={name} brand={null} /> },
  {
    pattern: 'policies/:name/brands/:brand',
    page: ({ name = '', brand = '' }) => <PolicyPage key={`${name}/${brand}`} name={name} brand={brand} />,
  },
  { pattern: 'lock', page: () => <LockPage /> },
];

/** The page of a place; one that nothing is at says so. */
export function pageAt(segments: readonly string[]): VNode {
  for (const { pattern, page } of ROUTES) {
    const values = matchPattern(pattern, segments);
    if (values) return page(values);
  }
  return <NotFoundPage />;
}
