import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../../problem.js';
import { type Played, playedOf } from './played.js';
import type { ScenarioStep } from './scenario.js';
import { simulate } from './simulation.js';

/** What a policy makes of a scenario. */
export interface Playing {
  /** The latest that came; null: nothing yet, or there is no policy to play. */
  readonly played: readonly Played[] | null;
  readonly problem: Problem | null;
}

/** As quick as somebody clicks. */
const CALM_MS = 120;

const NOTHING: Playing = { played: null, problem: null };

/** Plays the steps against a policy on the server, again whenever either changes. */
export function usePlayed(
  policy: Readonly<Record<string, unknown>> | null,
  steps: readonly ScenarioStep[],
): Playing {
  const [playing, setPlaying] = useState<Playing>(NOTHING);
  const text = JSON.stringify([policy, steps]);
  const asked = useRef({ policy, steps });
  asked.current = { policy, steps };
  useEffect(() => {
    const { policy: wanted, steps: timed } = asked.current;
    if (!wanted || timed.length === 0) {
      setPlaying({ played: wanted ? [] : null, problem: null });
      return undefined;
    }
    const controller = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const [result] = await simulate(
          [wanted],
          timed.map(({ step }) => step),
          controller.signal,
        );
        setPlaying({ played: playedOf(timed, result?.outcomes ?? []), problem: null });
      } catch (error) {
        if (controller.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem(0, null, {}, { cause: error });
        setPlaying({ played: null, problem });
      }
    };
    const timer = setTimeout(() => void ask(), CALM_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);
  return playing;
}
