import { signal } from '@preact/signals';

/** Whether the server still takes this browser for an administrator's. */
export const signedOut = signal(false);

/** When the server last answered as it should, epoch ms on this machine's clock. */
export const answeredAt = signal(Date.now());

/** Every answer says so anew: signing in again in another tab is enough. */
export function noteStatus(status: number): void {
  if (status === 401) signedOut.value = true;
  else if (status < 500) {
    signedOut.value = false;
    answeredAt.value = Date.now();
  }
}
