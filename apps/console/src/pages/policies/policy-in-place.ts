import type { PolicyBody, PolicyItem } from 'nestjs-lockout/admin';
import { hashTo } from '../../address.js';
import type { Resource } from '../../resource.js';
import type { Target } from './policy-body.js';

/** Views of a policy's page. */
export const TABS = ['rule', 'edit', 'try', 'history'] as const;

export type Tab = (typeof TABS)[number];

/** A policy with what stands around it. */
export interface PolicyInPlace {
  readonly target: Target;
  readonly body: PolicyBody;
  /** The policy for all brands, with the brands that have rules of their own. */
  readonly global: PolicyItem | null;
  /** Whether the brand has rules of its own; of the policy for all brands, always. */
  readonly own: boolean;
  readonly resource: Resource<PolicyBody>;
}

/** Where a policy's pages are. */
export const tabHref = ({ name, brand }: Target, tab: Tab): string =>
  hashTo(['policies', name, ...(brand === null ? [] : ['brands', brand])], {
    tab: tab === 'rule' ? null : tab,
  });
