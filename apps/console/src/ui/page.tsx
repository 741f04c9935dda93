import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { spelled } from '../foreign-text.js';
import { t } from '../messages.js';
import { SEARCH_ID } from '../shell/search-focus.js';

interface PageProps {
  readonly title: string;
  /** What the page belongs to, as a link above the title. */
  readonly parent?: { readonly href: string; readonly title: string };
  readonly lead?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Every page: names the browser's tab, and takes the focus when one comes to it from another. */
export function Page({ title, parent, lead, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = t('console.page-title', { page: title });
  }, [title]);
  useEffect(() => {
    // Not from the search box: whoever types there goes on typing, and a result takes the focus when it has come.
    if (document.activeElement?.id !== SEARCH_ID) heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, []);
  return (
    <>
      <header class="page-head">
        <div class="page-title">
          {parent ? (
            <a class="page-parent" href={parent.href}>
              {spelled(parent.title)}
            </a>
          ) : null}
          <h1 ref={heading} id="page-heading" tabIndex={-1}>
            {spelled(title)}
          </h1>
          {lead ? <div class="page-lead">{lead}</div> : null}
        </div>
        {actions ? <div class="page-actions">{actions}</div> : null}
      </header>
      {children}
    </>
  );
}

/** Where the focus goes when what had it is gone. */
export function focusHeading(): void {
  document.getElementById('page-heading')?.focus({ preventScroll: true });
}
