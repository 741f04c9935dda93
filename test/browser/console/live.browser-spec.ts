import { expect, test } from '@jest/globals';
import { onStage } from './browser-stage.js';
import type { Desk } from './desk.js';

/** As the console says that it asks. */
const POLL_MS = 10_000;
/** A page that is loaded anew has forgotten it. */
const SAME_PAGE = 'window.isSamePage';

onStage('what happens meanwhile', {}, (there) => {
  const mark = ({ page }: Desk) => page.evaluate(`${SAME_PAGE} = true`);
  const isSame = ({ page }: Desk) => page.evaluate(SAME_PAGE);
  const live = ({ page }: Desk, state: string) =>
    page.getByRole('banner').getByRole('status').filter({ hasText: state }).waitFor();

  test('a lock appears by itself in the list, on the account’s page and in the overview, and its end as well', async () => {
    const { stage, open } = there();
    const [list, account, overview] = [
      await open('#/accounts'),
      await open('#/accounts/default/bob'),
      await open('#/'),
    ];
    const desks = [list, account, overview];
    for (const desk of desks) {
      await live(desk, 'Live');
      await mark(desk);
    }
    await list.shows('Nobody is locked');
    await account.shows('Nothing is recorded about bob');

    await stage.lock([{ username: 'bob' }]);
    await list.row('bob').waitFor();
    await account.warning('bob').waitFor();
    await overview.shows('Locked after 6 failures');

    await (await stage.administrator()).unlock('bob');
    await list.shows('Nobody is locked');
    await account.calm('bob').waitFor();
    await overview.shows('Unlocked by admin');
    for (const desk of desks) expect(await isSame(desk)).toBe(true);
  });

  test('where the stream of events is cut off, the console asks, every ten seconds', async () => {
    const { stage, open } = there();
    const desk = await open('#/accounts', {
      prepare: async (page) => {
        await page.clock.install();
        await page.route('**/events/stream', (route) => route.abort());
      },
    });
    await desk.shows('Nobody is locked');
    await live(desk, 'Every 10 seconds');
    await mark(desk);
    await stage.lock([{ username: 'carol' }]);
    expect(await desk.row('carol').count()).toBe(0);
    await desk.page.clock.fastForward(POLL_MS);
    await desk.row('carol').waitFor();
    await (await stage.administrator()).unlock('carol');
    await desk.page.clock.fastForward(POLL_MS);
    await desk.shows('Nobody is locked');
    expect(await isSame(desk)).toBe(true);
  });

  test('without any connection it says so, and goes on when there is one again', async () => {
    const { stage, open } = there();
    const desk = await open('#/accounts', { prepare: (page) => page.clock.install() });
    await live(desk, 'Live');
    await desk.page.context().setOffline(true);
    await stage.lock([{ username: 'dave' }]);
    // The stream that was open ends with the connection's own time-outs; asking is what notices.
    await desk.page.route('**/events/stream', (route) => route.abort());
    await desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await live(desk, 'Every 10 seconds');
    await desk.page.clock.fastForward(POLL_MS);
    await live(desk, 'No connection');
    await desk.page.unroute('**/events/stream');
    await desk.page.context().setOffline(false);
    await desk.page.clock.fastForward(POLL_MS);
    await desk.row('dave').waitFor();
  });
});
