import { signal } from '@preact/signals';

const TICK_MS = 1_000;

/** How far this machine's clock is behind the store's, in milliseconds. */
let behindMs = 0;

/** The store's time now, epoch ms: every second while the page is seen. */
export const now = signal(Date.now());

/** The store's clock, as an answer told it. Locks are measured by it, so a wrong clock on the desk shows no wrong end. */
export function learnClock(iso: string): void {
  const told = Date.parse(iso);
  if (Number.isNaN(told)) return;
  behindMs = told - Date.now();
  tick();
}

function tick(): void {
  if (document.visibilityState === 'visible') now.value = Date.now() + behindMs;
}

setInterval(tick, TICK_MS);
document.addEventListener('visibilitychange', tick);
