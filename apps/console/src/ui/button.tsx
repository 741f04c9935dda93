import type { ComponentChildren } from 'preact';

type Look = 'primary' | 'danger' | 'quiet' | 'plain';

interface ButtonProps {
  readonly look?: Look;
  readonly small?: boolean;
  /** Said instead of the content, where that does not stand alone ("Unblock alice"). */
  readonly label?: string;
  /** A change is under way: it cannot be asked for again. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly type?: 'button' | 'submit';
  readonly pressed?: boolean;
  /** Has the focus when its dialog opens. */
  readonly firstFocus?: boolean;
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
}

export function Button({
  look = 'plain',
  small = false,
  label,
  busy = false,
  disabled = false,
  type = 'button',
  pressed,
  firstFocus,
  onClick,
  children,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button button-${look}${small ? ' button-small' : ''}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-busy={busy || undefined}
      data-first-focus={firstFocus || undefined}
      disabled={disabled || busy}
      onClick={onClick}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : null}
      {children}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere and changes nothing. `download`: it fetches a file. */
export function ButtonLink({
  href,
  look = 'plain',
  small = false,
  download = false,
  children,
}: {
  readonly href: string;
  readonly download?: boolean;
  readonly look?: Look;
  readonly small?: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <a
      class={`button button-${look}${small ? ' button-small' : ''}`}
      href={href}
      download={download ? '' : undefined}
    >
      {children}
    </a>
  );
}
