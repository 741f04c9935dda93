import type { ComponentChildren } from 'preact';

export type Tone = 'neutral' | 'danger' | 'warning' | 'success' | 'info';

/** A word about the state of something. The word says it; the colour only helps. */
export function Badge({
  tone = 'neutral',
  children,
}: {
  readonly tone?: Tone;
  readonly children: ComponentChildren;
}) {
  return <span class={`badge badge-${tone}`}>{children}</span>;
}
