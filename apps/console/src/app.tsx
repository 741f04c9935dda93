import { useEffect } from 'preact/hooks';
import { t } from './messages.js';
import { place } from './router.js';
import { pageAt } from './routes.js';
import { signedOut } from './session.js';
import { LiveMark } from './shell/live-mark.js';
import { Navigation } from './shell/navigation.js';
import { Offline } from './shell/offline.js';
import { SearchBox } from './shell/search-box.js';
import { SEARCH_ID } from './shell/search-focus.js';
import { SignedOut } from './shell/signed-out.js';
import { ThemeSwitch } from './shell/theme-switch.js';
import { WhoAmI } from './shell/who-am-i.js';
import { Icon } from './ui/icon.js';
import { Toasts } from './ui/toasts.js';

const MAIN_ID = 'main';

/** The frame of every page: where to go, what to look for, whether what is shown is fresh. */
export function App() {
  const { segments } = place.value;
  useSlashKey();
  return (
    <div class="shell">
      {/* Not a link: the address says which page is shown. */}
      <button type="button" class="skip" onClick={() => document.getElementById(MAIN_ID)?.focus()}>
        {t('console.skip')}
      </button>
      <aside class="side" aria-label={t('console.side')}>
        <a class="brand" href="#/">
          <span class="brand-mark">
            <Icon name="lock" />
          </span>
          {t('console.name')}
        </a>
        <Navigation section={segments[0] ?? ''} />
        <WhoAmI />
      </aside>
      <header class="top">
        <SearchBox />
        <div class="top-tools">
          <LiveMark />
          <ThemeSwitch />
        </div>
      </header>
      <main class="main" id={MAIN_ID} tabIndex={-1}>
        {signedOut.value ? <SignedOut /> : <Offline />}
        {pageAt(segments)}
      </main>
      <Toasts />
    </div>
  );
}

/** `/` goes to the search box, unless somebody is typing or a dialog is open. */
function useSlashKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (
        target instanceof HTMLElement &&
        target.closest('input, textarea, select, [contenteditable], dialog')
      )
        return;
      const box = document.getElementById(SEARCH_ID);
      if (!(box instanceof HTMLInputElement)) return;
      event.preventDefault();
      box.focus();
      box.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
