import { me } from '../../me.js';
import { t } from '../../messages.js';
import { useResource } from '../../resource.js';
import { place, to } from '../../router.js';
import { Page } from '../../ui/page.js';
import { Shown } from '../../ui/shown.js';
import { Tabs } from '../../ui/tabs.js';
import { SimulatorTab } from '../simulator/simulator-tab.js';
import { draftOf, isDirty } from './drafts.js';
import { HistoryTab } from './history-tab.js';
import { ModeBadge, Source } from './policy-badges.js';
import type { Target } from './policy-body.js';
import { readPolicies, readPolicy } from './policy-calls.js';
import { PolicyEditor } from './policy-editor.js';
import { type PolicyInPlace, TABS, type Tab, tabHref } from './policy-in-place.js';
import { RuleTab } from './rule-tab.js';
import '../../styles/check.css';
import '../../styles/policies.css';
import '../../styles/policy-form.css';

/** One policy, or one brand's rules: what it says, editing it, trying it, and how it came to be. */
export function PolicyPage({ name, brand }: { readonly name: string; readonly brand: string | null }) {
  const target: Target = { name, brand };
  const policy = useResource(`policy ${name} ${brand ?? ''}`, (signal) => readPolicy(target, signal));
  const all = useResource('policies', readPolicies);
  const global = all.data?.find((item) => item.name === name) ?? null;
  const own = brand === null || (global?.brands.some((one) => one.brand === brand) ?? true);
  const parent =
    brand === null
      ? { href: to.policies(), title: t('console.policies.back') }
      : { href: to.policy(name), title: name };
  return (
    <Page
      title={brand === null ? name : t('console.policies.brand', { brand })}
      parent={parent}
      lead={
        policy.data ? (
          <span class="policy-lead">
            <ModeBadge body={policy.data} />
            <span>
              <Source body={policy.data} own={own} />
            </span>
          </span>
        ) : null
      }
    >
      <Shown of={policy} lines={8}>
        {(body) => <PolicyTabs policy={{ target, body, global, own, resource: policy }} />}
      </Shown>
    </Page>
  );
}

const TITLES = {
  rule: 'console.policies.tab.rule',
  edit: 'console.policies.tab.edit',
  try: 'console.policies.tab.try',
  history: 'console.policies.tab.history',
} as const;

function PolicyTabs({ policy }: { readonly policy: PolicyInPlace }) {
  const { target } = policy;
  const canEdit = me.value?.configure === true;
  const draft = draftOf(target);
  const tabs = TABS.filter((tab) => canEdit || tab !== 'edit');
  const current = tabs.find((tab) => tab === place.value.query['tab']) ?? 'rule';
  const titleOf = (tab: Tab) =>
    t(tab === 'edit' && isDirty(draft) ? 'console.policies.tab.edit-draft' : TITLES[tab]);
  return (
    <>
      <Tabs
        label={t('console.policies.tabs')}
        current={current}
        tabs={tabs.map((tab) => ({ id: tab, title: titleOf(tab), href: tabHref(target, tab) }))}
      />
      {current === 'rule' ? <RuleTab policy={policy} canEdit={canEdit} /> : null}
      {current === 'edit' ? <PolicyEditor policy={policy} /> : null}
      {current === 'try' ? <SimulatorTab policy={policy} canEdit={canEdit} /> : null}
      {current === 'history' ? <HistoryTab policy={policy} canEdit={canEdit} /> : null}
    </>
  );
}
