import { t } from '../messages.js';

interface PagerProps {
  /** Null: this is the first page. */
  readonly first: string | null;
  /** Null: this is the last page. */
  readonly next: string | null;
}

/** From page to page by links: each has an address, and Back is the page before. */
export function Pager({ first, next }: PagerProps) {
  if (first === null && next === null) return null;
  return (
    <nav class="pager" aria-label={t('console.pager.label')}>
      {first === null ? (
        <span />
      ) : (
        <a class="button" href={first}>
          {t('console.pager.first')}
        </a>
      )}
      {next === null ? (
        <span />
      ) : (
        <a class="button" href={next}>
          {t('console.pager.next')}
        </a>
      )}
    </nav>
  );
}
