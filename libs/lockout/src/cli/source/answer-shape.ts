import { z } from 'zod';
import { EXIT } from '../terminal.js';
import { SourceProblem } from './source-problem.js';

const page = z.looseObject({ items: z.array(z.looseObject({})), nextCursor: z.string().nullable() });
const detail = z.looseObject({
  now: z.string(),
  locked: z.boolean(),
  locks: z.array(z.looseObject({})),
  counters: z.array(z.looseObject({})),
  events: z.array(z.looseObject({})),
});

/** As much of the answers as is relied on before they are shown. */
export const SHAPE = {
  page,
  detail,
  deliveries: page.extend({ sinks: z.array(z.looseObject({})), now: z.string() }),
  explanation: z.looseObject({ allowed: z.boolean(), counters: z.array(z.looseObject({})) }),
  items: z.looseObject({ items: z.array(z.looseObject({})) }),
  policy: z.looseObject({ name: z.string(), settings: z.looseObject({}) }),
  change: z.looseObject({ changed: z.boolean() }),
  me: z.looseObject({ now: z.string() }),
} as const;

/**
 * The answer as it came, once it looks like one of the admin API.
 * @throws {SourceProblem} it does not: another release, or another program.
 */
export function shaped<T>(schema: z.ZodType, answer: unknown): T {
  const { success, error } = schema.safeParse(answer);
  if (success) return answer as T;
  const paths = error.issues.map(({ path }) => path.join('.') || 'the answer').slice(0, 3);
  const detail = `This is not what the lockout API answers: ${paths.join(', ')} is missing or of another kind.`;
  throw new SourceProblem(
    { status: 500, title: 'Strange', detail },
    'Is the server of the same release?',
    EXIT.strange,
  );
}
