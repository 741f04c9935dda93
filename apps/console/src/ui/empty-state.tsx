import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.js';

interface EmptyStateProps {
  readonly icon?: IconName;
  readonly title: string;
  /** What it means, and what to do next. */
  readonly children?: ComponentChildren;
}

/** Nothing to show, said as what it means. */
export function EmptyState({ icon = 'check', title, children }: EmptyStateProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="empty-title">{title}</p>
      {children ? <div class="empty-text">{children}</div> : null}
    </div>
  );
}
