/** `warning`: seldom meant, logged at start. `info`: good to know of a policy that may well be meant so. */
export type PolicyWarningLevel = 'warning' | 'info';

/** What {@link lintPolicy} has to say. Ids are stable: they can be silenced and searched for. */
export interface PolicyWarning {
  readonly id: PolicyWarningId;
  readonly level: PolicyWarningLevel;
  /** The field it is about, dotted; `policy`: the rule as a whole. */
  readonly path: string;
  /** Goes on from the path: `is not longer than …`. */
  readonly message: string;
  readonly hint: string;
  /** The numbers of the message, with units in their names. What has no limit is left out. */
  readonly numbers: Readonly<Record<string, number>>;
}

export type PolicyWarningId =
  | 'LCK101'
  | 'LCK102'
  | 'LCK103'
  | 'LCK104'
  | 'LCK105'
  | 'LCK106'
  | 'LCK107'
  | 'LCK108'
  | 'LCK109'
  | 'LCK110'
  | 'LCK111'
  | 'LCK112'
  | 'LCK113';
