import type { ColumnOptions } from 'typeorm';

/** Epoch milliseconds in a 64-bit column; the servers' drivers read those as text. */
export const MOMENT: ColumnOptions = {
  type: 'bigint',
  transformer: {
    to: (value: number | null) => value,
    from: (value: string | number | null) => (value === null ? null : Number(value)),
  },
};
