import { me } from '../me.js';
import type { MessageId } from '../messages.js';
import { t } from '../messages.js';
import { to } from '../router.js';
import { Icon, type IconName } from '../ui/icon.js';

const SECTIONS: readonly {
  /** The first segment of its places. */
  readonly segment: string;
  readonly href: string;
  readonly title: MessageId;
  readonly icon: IconName;
}[] = [
  { segment: '', href: to.overview(), title: 'console.nav.overview', icon: 'overview' },
  { segment: 'accounts', href: to.accounts(), title: 'console.nav.accounts', icon: 'accounts' },
  { segment: 'addresses', href: to.addresses(), title: 'console.nav.addresses', icon: 'addresses' },
  { segment: 'history', href: to.history(), title: 'console.nav.history', icon: 'history' },
  { segment: 'policies', href: to.policies(), title: 'console.nav.policies', icon: 'policies' },
  { segment: 'deliveries', href: to.deliveries(), title: 'console.nav.deliveries', icon: 'deliveries' },
];

/** Whether the application lets this administrator in there at all. */
function isOpen(segment: string): boolean {
  if (segment === 'policies') return me.value?.viewPolicies !== false;
  return segment !== 'deliveries' || me.value?.deliver === true;
}

/** The sections; at the foot of the screen on a phone. */
export function Navigation({ section }: { readonly section: string }) {
  const sections = SECTIONS.filter(({ segment }) => isOpen(segment));
  return (
    <nav class="nav" aria-label={t('console.nav.label')}>
      <ul>
        {sections.map(({ segment, href, title, icon }) => (
          <li key={segment}>
            <a href={href} aria-current={segment === section ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{t(title)}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
