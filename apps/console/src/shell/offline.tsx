import { now } from '../clock.js';
import { liveState } from '../live.js';
import { locale, t } from '../messages.js';
import { answeredAt } from '../session.js';
import { shortText } from '../time-text.js';
import { Icon } from '../ui/icon.js';

/** Over everything that is shown: it is as old as the last answer. */
export function Offline() {
  if (liveState.value !== 'offline') return null;
  const time = shortText(new Date(answeredAt.value).toISOString(), locale(), now.value);
  return (
    <div class="notice notice-warning signed-out" role="alert">
      <Icon name="warning" />
      <div>
        <p class="notice-title">{t('console.offline.title')}</p>
        <p>{t('console.offline.text', { time })}</p>
      </div>
    </div>
  );
}
