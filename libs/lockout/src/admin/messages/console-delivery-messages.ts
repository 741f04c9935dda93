/** The console's texts about deliveries, and about erasing what was recorded of an account. */
export const CONSOLE_DELIVERY_MESSAGES = {
  'console.nav.deliveries': 'Deliveries',
  'console.deliveries.title': 'Deliveries',
  'console.deliveries.lead':
    'Events on their way to mail, webhooks and whatever else the application sends them to.',
  'console.deliveries.sinks': 'Where they go',
  'console.deliveries.sinks.none.title': 'Everything was delivered',
  'console.deliveries.sinks.none.text': 'No event waits, and none was given up.',
  'console.deliveries.sink': 'To',
  'console.deliveries.sink.all': 'Everywhere',
  'console.deliveries.waiting': 'Waiting',
  'console.deliveries.dead': 'Given up',
  'console.deliveries.oldest': 'Oldest waits since',
  'console.deliveries.state': 'Which ones',
  'console.deliveries.caption.waiting': 'Deliveries that wait, oldest first',
  'console.deliveries.caption.dead': 'Deliveries that were given up, oldest first',
  'console.deliveries.none.waiting': 'Nothing waits',
  'console.deliveries.none.dead': 'Nothing was given up',
  'console.deliveries.event': 'Event',
  'console.deliveries.problem': 'What the last try said',
  'console.deliveries.tries': 'Tries',
  'console.deliveries.due': 'Next try',
  'console.deliveries.untried': 'Not tried yet',
  'console.deliveries.name': '{what}: {account}, to {sink}',
  'console.deliveries.name.nobody': '{what}, to {sink}',
  'console.deliveries.select-all': 'Select all of this page',
  'console.deliveries.selection': 'What is selected',
  'console.deliveries.chosen': '{count, plural, one {# selected} other {# selected}}',
  'console.deliveries.retry': 'Try again',
  'console.deliveries.drop': 'Give up for good',
  'console.deliveries.retry.title':
    'Deliver {count, plural, one {this event} other {these # events}} once more?',
  'console.deliveries.drop.title': 'Give {count, plural, one {# delivery} other {# deliveries}} up for good?',
  'console.deliveries.retry.effect': 'They are due at once. A receiver may get an event twice.',
  'console.deliveries.drop.effect': 'The receiver never gets them. The events stay in the history.',
  'console.deliveries.retry.done':
    '{count, plural, =0 {None of them was given up any more.} one {One delivery is tried again.} other {# deliveries are tried again.}}',
  'console.deliveries.drop.done':
    '{count, plural, =0 {None of them was there any more.} one {One delivery was given up.} other {# deliveries were given up.}}',
  'console.deliveries.reason.back': 'The receiver is back',
  'console.deliveries.reason.repaired': 'What was wrong was put right',
  'console.deliveries.reason.useless': 'Of no use any more',
  'console.deliveries.reason.told': 'Told them another way',

  // On the overview.
  'console.overview.deliveries': 'Deliveries need you',
  'console.overview.deliveries.dead':
    '{sink}: {count, plural, one {one delivery was given up} other {# deliveries were given up}}.',
  'console.overview.deliveries.late': '{sink}: events have waited for {duration}.',
  'console.overview.deliveries.see': 'See deliveries',

  // Erasing an account.
  'console.erase.heading': 'Erase',
  'console.erase.lead':
    'For somebody who wants to be forgotten: takes this account out of everything that is kept of it.',
  'console.erase.action': 'Erase this account …',
  'console.erase.title': 'Erase what is kept of {name}?',
  'console.erase.effect':
    'Its name and everything that tells who it was goes, for good: from counters, locks and the history. That something happened, and when, stays. Nobody can bring it back.',
  'console.erase.type': 'Type “{name}” to go on',
  'console.erase.confirm': 'Erase for good',
  'console.erase.done':
    '{name} is erased{events, plural, =0 {} one {, from one event of the history} other {, from # events of the history}}.',
  'console.erase.nothing': 'Nothing was kept of {name}.',
  'console.erase.reason.asked': 'The person asked for it',
  'console.erase.reason.closed': 'The account was closed',

  'console.history.export': 'Export',
} as const;
