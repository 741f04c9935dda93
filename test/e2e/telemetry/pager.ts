import type { LockoutSink } from 'nestjs-lockout';

/** A sink that is told of locks. */
export class Pager implements LockoutSink {
  readonly name = 'pager';

  /** @param answer what it throws; null: it takes what it gets. */
  constructor(public answer: Error | null) {}

  wants({ type }: Parameters<LockoutSink['wants']>[0]): boolean {
    return type === 'locked';
  }

  async deliver(): Promise<void> {
    if (this.answer) throw this.answer;
  }
}
