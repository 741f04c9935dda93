import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { changes } from './live.js';
import { Problem } from './problem.js';

/** Something read from the server, kept up to date while it is shown. */
export interface Resource<T> {
  /** The latest that came; kept when a later reading fails. */
  readonly data: T | null;
  /** Why the latest reading failed; null: it did not. */
  readonly problem: Problem | null;
  /** When `data` came, epoch ms on this machine's clock. */
  readonly loadedAt: number | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
  /** Changes what is shown until it is read again: for what the server has confirmed. */
  readonly amend: (change: (data: T) => T) => void;
}

interface Held<T> {
  readonly name: string;
  readonly data: T | null;
  readonly problem: Problem | null;
  readonly loadedAt: number | null;
  readonly isLoading: boolean;
}

const EMPTY = { data: null, problem: null, loadedAt: null, isLoading: true } as const;

/**
 * Reads on mounting, when `name` changes (other data: what was shown goes), and whenever something changed on the server
 * (the same data: it stays until the new has come). Ends a reading that nobody waits for any more.
 */
export function useResource<T>(name: string, read: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const [held, setHeld] = useState<Held<T>>({ name, ...EMPTY });
  const [asked, setAsked] = useState(0);
  const tick = changes.value;
  const latest = useRef(read);
  latest.current = read;

  useEffect(() => {
    const controller = new AbortController();
    setHeld((before) => (before.name === name ? { ...before, isLoading: true } : { name, ...EMPTY }));
    latest.current(controller.signal).then(
      (data) => {
        if (controller.signal.aborted) return;
        setHeld({ name, data, problem: null, loadedAt: Date.now(), isLoading: false });
      },
      (error: unknown) => {
        if (controller.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem(0, null, {}, { cause: error });
        setHeld((before) => ({ ...before, problem, isLoading: false }));
      },
    );
    return () => controller.abort();
  }, [name, tick, asked]);

  const reload = useCallback(() => setAsked((count) => count + 1), []);
  const amend = useCallback(
    (change: (data: T) => T) =>
      setHeld((before) => (before.data === null ? before : { ...before, data: change(before.data) })),
    [],
  );
  // Between two names the old data must not show for a moment under the new one.
  const { data, problem, loadedAt, isLoading } = held.name === name ? held : EMPTY;
  return { data, problem, loadedAt, isLoading, reload, amend };
}
