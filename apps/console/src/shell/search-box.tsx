import { useEffect, useRef } from 'preact/hooks';
import { changed } from '../live.js';
import { t } from '../messages.js';
import { navigate, place } from '../router.js';
import { looksLikeAddress } from '../searched.js';
import { Icon } from '../ui/icon.js';
import { SEARCH_ID, wantResultFocus } from './search-focus.js';

/** On every page: a name (or the beginning of one) finds accounts, an address finds addresses. */
export function SearchBox() {
  const box = useRef<HTMLInputElement>(null);
  const { query } = place.value;
  const searched = query['q'] ?? '';
  useEffect(() => {
    // The first thing that anybody does here: on the phone with someone who cannot sign in.
    box.current?.focus();
  }, []);
  useEffect(() => {
    if (box.current) box.current.value = searched;
  }, [searched]);
  const search = (): void => {
    const q = box.current?.value.trim() ?? '';
    const section = looksLikeAddress(q) ? 'addresses' : 'accounts';
    wantResultFocus();
    const before = location.hash;
    navigate([section], q === '' ? {} : { state: 'any', q });
    // The same again: whoever asks twice wants to know how it is now.
    if (location.hash === before) changed();
  };
  return (
    <search class="search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <label class="visually-hidden" for={SEARCH_ID}>
          {t('console.search.label')}
        </label>
        <Icon name="search" />
        <input
          ref={box}
          id={SEARCH_ID}
          type="search"
          placeholder={t('console.search.placeholder')}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxLength={320}
          defaultValue={searched}
          enterkeyhint="search"
          aria-keyshortcuts="/"
        />
        <span class="key" aria-hidden="true">
          /
        </span>
      </form>
    </search>
  );
}
