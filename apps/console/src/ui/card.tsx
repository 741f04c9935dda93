import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface CardProps {
  readonly title: ComponentChildren;
  /** Stands beside the title: buttons, links. */
  readonly actions?: ComponentChildren;
  /** To be scrolled to. */
  readonly id?: string;
  /** Fills to the edge: a table. */
  readonly flush?: boolean;
  readonly children: ComponentChildren;
}

/** A part of a page under a heading of its own. */
export function Card({ title, actions, id, flush = false, children }: CardProps) {
  const heading = useId();
  return (
    <section
      class={`card${flush ? ' card-flush' : ''}`}
      id={id}
      aria-labelledby={heading}
      tabIndex={id ? -1 : undefined}
    >
      <header class="card-head">
        <h2 id={heading}>{title}</h2>
        {actions ? <div class="card-actions">{actions}</div> : null}
      </header>
      <div class="card-body">{children}</div>
    </section>
  );
}
