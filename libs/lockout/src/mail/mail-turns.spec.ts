import { describe, expect, it } from '@jest/globals';
import { DeliveryDelayedError } from '../notify/delivery-errors.js';
import { MailTurns, SlowMailError } from './mail-turns.js';

const never = (): AbortSignal => new AbortController().signal;
/** Goes on until its signal aborts. */
const hang = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('It was called back.')), { once: true });
  });

describe('the turns of mails', () => {
  it('call a mail back that takes too long, and have room for the next', async () => {
    const turns = new MailTurns({ width: 1, longestMs: 40 });
    await expect(turns.run(hang, never())).rejects.toBeInstanceOf(SlowMailError);
    await expect(turns.run(async () => {}, never())).resolves.toBeUndefined();
  });

  it('wait for no transport that goes on, and keep its room', async () => {
    const turns = new MailTurns({ width: 1, longestMs: 40 });
    let end = (): void => {};
    const begun = new Promise<void>((resolve) => {
      end = resolve;
    });
    await expect(turns.run(() => begun, never())).rejects.toBeInstanceOf(SlowMailError);
    let count = 0;
    const send = async (): Promise<void> => {
      count += 1;
    };
    await expect(turns.run(send, never())).rejects.toMatchObject({ retryInMs: 1_000 });
    expect(count).toBe(0);
    end();
    await turns.run(send, never());
    expect(count).toBe(1);
  });

  it('count what a delivery has spent already, up to half of the time', async () => {
    const turns = new MailTurns({ width: 2, longestMs: 600 });
    const spent = turns.run(hang, never(), 150);
    const most = turns.run(hang, never(), 5_000);
    const ended: string[] = [];
    const note = (name: string, ending: Promise<unknown>): Promise<void> =>
      ending.then(
        () => void ended.push(name),
        () => void ended.push(name),
      );
    const after = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));
    await Promise.all([
      note('less', after(250)),
      note('half', most),
      note('between', after(350)),
      note('spent', spent),
      note('more', after(550)),
    ]);
    expect(ended).toEqual(['less', 'half', 'between', 'spent', 'more']);
  });

  it('let those that wait go where the mail server is away, and end what is under way at its own time', async () => {
    const turns = new MailTurns({ width: 1, longestMs: 2_000 });
    const end = new AbortController();
    const underWay = turns.run(hang, end.signal);
    const waiting = [turns.run(hang, never()), turns.run(hang, never())];
    const away = new DeliveryDelayedError('away', 5_000);
    turns.callBack(away);
    expect(await Promise.allSettled(waiting)).toEqual([
      { status: 'rejected', reason: away },
      { status: 'rejected', reason: away },
    ]);
    end.abort(new Error('The time is up.'));
    await expect(underWay).rejects.toThrow('It was called back.');
  });
});
