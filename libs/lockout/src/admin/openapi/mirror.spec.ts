import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { mirrorOf } from './mirror.js';

interface View {
  readonly name: string;
  readonly size?: number;
  readonly locks: readonly { readonly until: string | null }[];
}

const name = z.string();
const size = z.number().optional();
const locks = z.array(z.object({ until: z.string().nullable() }));
const mirror = mirrorOf<View>();

// What must not compile is found by the type check: an error that is expected and does not come is one.
const wrong = {
  // @ts-expect-error an optional field is forgotten
  forgotten: mirror(z.object({ name, locks })),
  // @ts-expect-error a field that there is not
  invented: mirror(z.object({ name, size, locks, more: z.string().optional() })),
  // @ts-expect-error never null, it says
  strict: mirror(z.object({ name, size, locks: z.array(z.object({ until: z.string() })) })),
  // @ts-expect-error optional, it says
  loose: mirror(z.object({ name: name.optional(), size, locks })),
  // @ts-expect-error always there, it says
  needed: mirror(z.object({ name, size: z.number(), locks })),
  // @ts-expect-error anything, it says
  open: mirror(z.object({ name, size, locks: z.array(z.unknown()) })),
};

describe('mirrorOf', () => {
  it('takes a schema that says what the interface says, as it is', () => {
    const schema = z.object({ name, size, locks });
    expect(mirror(schema)).toBe(schema);
  });

  it('leaves refusing to the compiler', () => {
    expect(Object.values(wrong).every((schema) => schema instanceof z.ZodObject)).toBe(true);
  });
});
