/**
 * One clock for all processes of a run: on Linux and macOS `process.hrtime` is the machine's monotonic clock, the same
 * for every process and untouched by a wall clock that is set. Milliseconds since the start of the run, with fractions.
 */
export class Moment {
  /** @param {bigint} start `Moment.start()` of the process that leads the run */
  constructor(start) {
    this.start = start;
  }

  static start() {
    return process.hrtime.bigint();
  }

  now() {
    return Number(process.hrtime.bigint() - this.start) / 1e6;
  }
}
