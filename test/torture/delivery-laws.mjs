/**
 * @typedef {object} Act What one process was told to do at one account.
 * @property {string} mark comes back in the events that it makes
 * @property {string} account
 * @property {number} from when it was told, in the leader's order
 * @property {number} to when it had answered; Infinity: it was killed first
 */

/**
 * What became of the promises: at least once, the same key on repeats, in order, none invented.
 *
 * @param {object} seen
 * @param {readonly any[]} seen.recorded the audit record, oldest first
 * @param {readonly import('./delivery-receiver.mjs').Arrival[]} seen.arrivals
 * @param {readonly Act[]} seen.acts
 * @param {boolean} seen.acrossRecords whether the store promises an order between the records of an account
 * @returns {{ promise: string, what: string, account: string }[]}
 */
export function deliveryViolations({ recorded, arrivals, acts, acrossRecords }) {
  const found = [];
  const tell = (promise, what, account = '') => found.push({ promise, what, account });
  const events = new Map(recorded.map((event) => [event.id, event]));
  /** @type {Map<string, { place: number, text: string }>} */
  const first = new Map();
  /** What was told, without who told it: two keys for it would be two transitions. @type {Map<string, string>} */
  const told = new Map();
  for (const [place, { id, text, body, worker }] of arrivals.entries()) {
    const event = events.get(id);
    if (!event || !isTold(event, body)) {
      tell('none is invented', `${id} from process ${worker}, which the record does not have so: ${text}`);
      continue;
    }
    const before = first.get(id);
    if (!before) first.set(id, { place, text });
    else if (before.text !== text) tell('a repeat is the same', `${id}:\n${before.text}\n${text}`);
    const same = told.get(text);
    if (same !== undefined && same !== id) tell('a repeat has the same key', `${same} and ${id}: ${text}`);
    told.set(text, id);
  }
  const placeOf = ({ id }) => first.get(id)?.place ?? Number.NaN;
  for (const event of recorded) {
    if (!first.has(event.id)) tell('at least once', `${nameOf(event)} never came`, tellAccount(event));
  }

  const inOrder = (earlier, later, why) => {
    if (placeOf(earlier) > placeOf(later))
      tell('in order', `${nameOf(later)} came before ${nameOf(earlier)}, ${why}`, tellAccount(later));
  };
  for (const group of grouped(recorded, ({ key }) => key)) {
    for (const [n, event] of group.entries()) {
      const next = group[n + 1];
      if (next) inOrder(event, next, 'of the same record');
    }
  }
  if (acrossRecords) {
    const actOf = new Map(acts.map((act) => [act.mark, act]));
    const marked = recorded.flatMap((event) => {
      const act = actOf.get(markOf(event));
      return act ? [{ event, act }] : [];
    });
    for (const group of grouped(marked, ({ event }) => event.facts.accountHash)) {
      for (const { event, act } of group)
        for (const other of group)
          if (act.to < other.act.from)
            inOrder(event, other.event, `whose ${act.mark} was over before ${other.act.mark} began`);
    }
  }
  return found;

  function tellAccount({ facts: { accountHash } }) {
    return recorded
      .filter(({ facts }) => facts.accountHash === accountHash)
      .map(
        (event) =>
          `${nameOf(event)} arrival ${placeOf(event)} of ${event.facts.counter} (${markOf(event) ?? ''})`,
      )
      .join('\n');
  }
}

const nameOf = ({ id, event: { type, at } }) => `${type} at ${at} (${id})`;

/** @returns {string | undefined} */
const markOf = ({ event }) => event.origin?.userAgent ?? event.reason;

/** Whether the body tells just of this event. */
const isTold = ({ event, facts }, { type, data }) =>
  type === `lockout.${event.type}` &&
  data.accountHash === facts.accountHash &&
  data.counter === facts.counter &&
  sorted(data.event) === sorted(event);

const sorted = (value) =>
  JSON.stringify(value, (_name, part) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** @template T @param {readonly T[]} items @param {(item: T) => string} nameOfGroup @returns {T[][]} */
function grouped(items, nameOfGroup) {
  const groups = new Map();
  for (const item of items) {
    const name = nameOfGroup(item);
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return Array.from(groups.values());
}
