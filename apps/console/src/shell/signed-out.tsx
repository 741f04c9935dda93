import { t } from '../messages.js';
import { Icon } from '../ui/icon.js';

/** Over whatever was shown: the server no longer knows who this is. Loading the console again leads to signing in. */
export function SignedOut() {
  return (
    <div class="notice notice-danger signed-out" role="alert">
      <Icon name="warning" />
      <div>
        <p class="notice-title">{t('console.signed-out.title')}</p>
        <p>{t('console.signed-out.text')}</p>
      </div>
      <a class="button button-primary" href="./">
        {t('console.signed-out.action')}
      </a>
    </div>
  );
}
