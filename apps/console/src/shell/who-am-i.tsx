import { spelled } from '../foreign-text.js';
import { me } from '../me.js';
import { t } from '../messages.js';

/** Under which name changes are recorded. */
export function WhoAmI() {
  const who = me.value;
  if (!who) return null;
  return (
    <div class="who">
      <p class="who-label">{t('console.who')}</p>
      <p class="who-name">{who.actor === null ? t('console.who.nobody') : spelled(who.actor)}</p>
      {who.version === null ? null : (
        <p class="who-version">{t('console.version', { version: who.version })}</p>
      )}
    </div>
  );
}
