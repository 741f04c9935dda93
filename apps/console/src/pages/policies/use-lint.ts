import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../../problem.js';
import { simulate } from '../simulator/simulation.js';
import { formPath, type SettingsProblem, type Warning } from './policy-body.js';

/** What the server says of a policy that is being entered. */
export interface Lint {
  readonly warnings: readonly Warning[];
  readonly problems: readonly SettingsProblem[];
  /** `unknown`: it could not be asked. */
  readonly state: 'checking' | 'checked' | 'unknown';
}

/** Long enough to go on typing. */
const CALM_MS = 350;

const NOTHING_YET: Lint = { warnings: [], problems: [], state: 'checking' };

/** The server's problems with a policy, as the form's fields are called. */
export const problemsIn = (problem: Problem): readonly SettingsProblem[] =>
  problem.errors.map(({ path = '', message = '', ...rest }) => {
    const hint: unknown = Reflect.get(rest, 'hint');
    return { path: formPath(path), message, ...(typeof hint === 'string' ? { hint } : {}) };
  });

/**
 * Asks the server about a policy as it is being typed; what it said last stands until it says something else. Null: there
 * is none to ask about.
 */
export function useLint(policy: Readonly<Record<string, unknown>> | null): Lint {
  const [lint, setLint] = useState<Lint>(NOTHING_YET);
  const text = JSON.stringify(policy);
  const asked = useRef(policy);
  asked.current = policy;
  useEffect(() => {
    const { current } = asked;
    if (current === null) {
      setLint({ warnings: [], problems: [], state: 'checked' });
      return undefined;
    }
    const controller = new AbortController();
    setLint((before) => ({ ...before, state: 'checking' }));
    const ask = async (): Promise<void> => {
      try {
        const [result] = await simulate([current], [], controller.signal);
        setLint({ warnings: result?.warnings ?? [], problems: [], state: 'checked' });
      } catch (error) {
        if (controller.signal.aborted) return;
        if (error instanceof Problem && error.status === 422) {
          setLint({ warnings: [], problems: problemsIn(error), state: 'checked' });
        } else setLint((before) => ({ ...before, state: 'unknown' }));
      }
    };
    const timer = setTimeout(() => void ask(), CALM_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);
  return lint;
}
