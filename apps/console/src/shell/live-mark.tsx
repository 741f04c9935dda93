import { type LiveState, liveState } from '../live.js';
import { type MessageId, t } from '../messages.js';

const TEXTS: Readonly<Record<LiveState, MessageId>> = {
  live: 'console.live.live',
  polling: 'console.live.polling',
  paused: 'console.live.paused',
  offline: 'console.live.offline',
};

/** Whether what is shown keeps itself up to date. */
export function LiveMark() {
  const state = liveState.value;
  return (
    <p class={`live live-${state}`} role="status">
      <span class="live-dot" aria-hidden="true" />
      {t(TEXTS[state])}
    </p>
  );
}
