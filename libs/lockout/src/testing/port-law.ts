/** What the suite needs of a test runner: jest, vitest, mocha and node:test all have it. */
export interface ContractRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
}

type Advance = (ms: number) => void | Promise<void>;

/** A store of some port, as a contract is given it. */
export interface PortUnderTest<Port> {
  readonly store: Port;
  /** A second client of the same data, as another process would have; default: the same store. */
  readonly other?: Port;
  /** Moves the store's clock. Absent: what time does is not checked. */
  readonly advance?: Advance;
  readonly close: () => Promise<void>;
}

/** The same, as a law is given it. */
export interface OpenedPort<Port> {
  readonly store: Port;
  readonly other: Port;
  readonly advance: Advance | null;
}

/** Declares one law as a test with a store of its own. */
export type PortLaw<Opened> = (title: string, body: (opened: Opened) => Promise<void>) => void;

/** The laws of a port, as tests of `runner`. `More`: what else they need of what `open` gives. */
export function portLawOf<Port, More = unknown>(
  runner: ContractRunner,
  open: () => Promise<PortUnderTest<Port> & More>,
): PortLaw<OpenedPort<Port> & More> {
  return (title, body) => {
    runner.it(title, async () => {
      const opened = await open();
      const { store, other = store, advance = null } = opened;
      try {
        await body({ ...opened, other, advance });
      } finally {
        await opened.close();
      }
    });
  };
}

/** Laws that need to move the clock; without one they say nothing. */
export const timedBy =
  <Opened extends { readonly advance: Advance | null }>(
    law: PortLaw<Opened>,
  ): PortLaw<Opened & { readonly advance: Advance }> =>
  (title, body) => {
    law(title, async (opened) => {
      const { advance } = opened;
      if (advance) await body({ ...opened, advance });
    });
  };
