export interface LosingLink {
  readonly port: number;
  /** How many messages it lost. */
  readonly lost: number;
  close(): Promise<void>;
}

export function startLosingLink(
  target: number,
  loses: (message: Buffer) => 'before' | 'after' | null,
): Promise<LosingLink>;
