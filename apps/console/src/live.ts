import { signal } from '@preact/signals';
import { loadMe } from './me.js';
import { Problem } from './problem.js';

/** How the console learns of changes: told by the server, by asking, not now (hidden), or not at all (no answer). */
export type LiveState = 'live' | 'polling' | 'paused' | 'offline';

export const liveState = signal<LiveState>('polling');

/** Grows whenever something may have changed: whatever shows data reads again. */
export const changes = signal(0);

const POLL_MS = 10_000;
/** The least time between two readings that events cause. */
const CALM_MS = 1_000;
/** How long a stream that ended for good is left alone. */
const REOPEN_MS = 60_000;

let stream: EventSource | null = null;
let poll: ReturnType<typeof setInterval> | undefined;
let reopen: ReturnType<typeof setTimeout> | undefined;
let calm: ReturnType<typeof setTimeout> | undefined;
let lastChange = 0;

/** Starts following; call once. */
export function follow(): void {
  document.addEventListener('visibilitychange', resume);
  addEventListener('online', resume);
  resume();
}

/** What was sent changed something: do not wait to be told. */
export function changed(): void {
  clearTimeout(calm);
  calm = undefined;
  lastChange = performance.now();
  changes.value += 1;
}

function resume(): void {
  stop();
  if (document.visibilityState === 'hidden') {
    liveState.value = 'paused';
    return;
  }
  if (liveState.value === 'paused') changed();
  listen();
  // Also beside the stream: it may be open and yet silent, behind a proxy that gathers answers.
  poll = setInterval(() => void ask(), POLL_MS);
}

function stop(): void {
  clearInterval(poll);
  clearTimeout(reopen);
  stream?.close();
  stream = null;
}

function listen(): void {
  const source = new EventSource(new URL('../events/stream', document.baseURI));
  stream = source;
  if (liveState.value !== 'offline') liveState.value = 'polling';
  source.addEventListener('open', () => {
    liveState.value = 'live';
    // What happened between the last reading and this moment was told to nobody.
    soon();
  });
  source.addEventListener('changed', soon);
  source.addEventListener('error', () => {
    if (liveState.value === 'live') {
      liveState.value = 'polling';
      // Is it the stream, or the server?
      void ask();
    }
    // Otherwise the browser tries again by itself.
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    reopen = setTimeout(listen, REOPEN_MS);
  });
}

/** Many events in a second are one reading. */
function soon(): void {
  if (calm !== undefined) return;
  calm = setTimeout(changed, Math.max(0, lastChange + CALM_MS - performance.now()));
}

async function ask(): Promise<void> {
  if (liveState.value === 'live') return;
  try {
    await loadMe();
    liveState.value = 'polling';
    changed();
  } catch (error) {
    // Being refused is an answer too, and said elsewhere.
    const isRefused = error instanceof Problem && !error.isPassing;
    liveState.value = isRefused ? 'polling' : 'offline';
  }
}
