import { durationText, momentText } from './moment-text.js';
import { count, counted, listed, share } from './plain-number.js';
import type { Simulation } from './simulation.js';

/** What a simulation found, in sentences that can be read aloud. */
export function summarySentences({ title, reading, report }: Simulation): readonly string[] {
  const { span, attempts, refused, locks, accounts, owners, guesses } = report;
  if (!span) return ['No line of the log could be replayed.'];
  const right = attempts.success + attempts.firstFactor;
  const least = accounts.complete ? '' : 'at least ';
  const sentences = [
    `${counted(attempts.all, 'attempt')} at ${least}${counted(accounts.seen, 'account')}, from ${momentText(span.from)} to ${momentText(span.to)} (${durationText(span.to - span.from)}): ${counted(right, 'right credential')}, ${count(attempts.failure)} wrong${attempts.abandoned > 0 ? `, ${count(attempts.abandoned)} not judged` : ''}.`,
  ];
  if (locks.total === 0) sentences.push(`With ${title} nobody would have been locked.`);
  else sentences.push(lockSentence());
  if (refused.all > 0) {
    sentences.push(
      `${counted(refused.all, 'attempt')} would have been refused (${share(refused.all, attempts.all)}): ${counted(guesses.prevented, 'wrong guess', 'wrong guesses')} would not have been looked at (${share(guesses.prevented, attempts.failure)} of all failures), and ${counted(owners.turnedAway, 'right credential')} would have been turned away.`,
    );
  }
  sentences.push(ownerSentence());
  if (guesses.mostAtOneAccount > 0) {
    sentences.push(
      `The most guesses at one account are ${count(guesses.mostAtOneAccount)} in the log; of no account more than ${count(guesses.mostVerifiedAtOneAccount)} would have been verified.`,
    );
  }
  return [...sentences, ...remarks()];

  function lockSentence(): string {
    const longest = locks.longestMs > 0 ? `the longest of ${durationText(locks.longestMs)}` : null;
    const endless = locks.indefinite > 0 ? `${count(locks.indefinite)} without an end` : null;
    const details = [longest, endless].filter((part) => part !== null);
    const monitor =
      locks.monitor > 0 ? ` ${counted(locks.monitor, 'lock')} of them would only have been noted.` : '';
    return `With ${title} there would have been ${counted(locks.total, 'lock')}, at ${least}${counted(accounts.locked, 'account')} (${share(accounts.locked, accounts.seen)})${details.length > 0 ? `; ${listed(details)}` : ''}.${monitor}`;
  }

  function ownerSentence(): string {
    if (accounts.owners === 0)
      return 'No credential in the log was right, so nothing is known of true owners.';
    if (accounts.ownersTurnedAway === 0)
      return `Of ${least}${counted(accounts.owners, 'true owner')} nobody would have been turned away.`;
    const waited =
      owners.turnedAway > owners.withoutEnd
        ? `, to wait ${durationText(owners.meanWaitMs)} on average and ${durationText(owners.longestWaitMs)} at most`
        : '';
    const endless =
      owners.withoutEnd > 0 ? `; ${counted(owners.withoutEnd, 'time')} until somebody lifts the lock` : '';
    return `Of ${least}${counted(accounts.owners, 'true owner')}, ${count(accounts.ownersTurnedAway)} (${share(accounts.ownersTurnedAway, accounts.owners)}) would have been turned away at least once${waited}${endless}. ${counted(locks.onOwners, 'lock')} of ${count(locks.total)} met one.`;
  }

  function remarks(): readonly string[] {
    const all: readonly (string | false)[] = [
      report.unwatched > 0 &&
        `${counted(report.unwatched, 'attempt')} no policy watches: the log has the methods ${methodWords()}.`,
      reading.unverified > 0 &&
        `${counted(reading.unverified, 'attempt')} had been refused at the time, so that nobody knows whether the credential was right; taken as wrong.`,
      reading.reordered > 0 &&
        `${counted(reading.reordered, 'line')} came a little late and were put in order.`,
      reading.bad > 0 && `${counted(reading.bad, 'line')} could not be read and are left out.`,
    ];
    return all.filter((remark): remark is string => remark !== false);
  }

  function methodWords(): string {
    const methods = [...reading.methods].sort(([, a], [, b]) => b - a).slice(0, 5);
    return listed(methods.map(([method, times]) => `${method} (${count(times)})`));
  }
}
