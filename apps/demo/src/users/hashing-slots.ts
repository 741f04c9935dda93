import { ServiceUnavailableException } from '@nestjs/common';

/** Lets only so many run at once and so many more wait; the rest is turned away at once. */
export class HashingSlots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(
    slots: number,
    private readonly maxWaiting: number,
  ) {
    this.free = slots;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= this.maxWaiting) {
      throw new ServiceUnavailableException('Too many sign-ins at once. Please try again in a moment.');
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
