import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Announcement } from '#core/announce/announcement.ts';
import type { Announcer } from '#core/ports.ts';

export interface AnnouncerBench {
  readonly announcer: Announcer;
  /** What has arrived: the type and everything said with it. */
  arrived(): { readonly type: string; readonly detail: Readonly<Record<string, unknown>> }[];
}

export const WARNING: Announcement = {
  type: 'Budget Warning',
  id: '01KB000000000000000000000A',
  event_id: '01KB000000000000000000000A',
  at: '2026-11-28T12:00:00.000Z',
  environment: 'test',
  app_id: 'support',
  owner: 'app/support',
  period: '2026-11',
  percent: 80,
  limit_micros: 400_000_000,
  spent_micros: 321_000_000,
};

export const REQUEST: Announcement = {
  type: 'Review Requested',
  id: 'case-1/requested',
  at: '2026-11-28T12:00:00.000Z',
  environment: 'test',
  app_id: 'support',
  review_id: 'case-1',
  request_id: 'case-1',
  phase: 'output',
  model: 'gpt-4o',
  rules: ['oversight.medical'],
  due_at: '2026-11-28T13:00:00.000Z',
  on_timeout: 'reject',
  approvals_needed: 1,
  approvals: 0,
};

const CLOSING: Announcement = {
  type: 'Review Expired',
  id: 'case-1/closed',
  at: '2026-11-28T13:00:00.000Z',
  environment: 'test',
  app_id: 'support',
  review_id: 'case-1',
  request_id: 'case-1',
  phase: 'output',
  model: 'gpt-4o',
  state: 'expired',
  released: false,
};

/** What every Announcer promises. `make` gives one that works. */
export function announcerContract(name: string, make: () => Promise<AnnouncerBench>): void {
  describe(`announcer: ${name}`, () => {
    let bench: AnnouncerBench;
    beforeEach(async () => {
      bench = await make();
    });

    test.each([WARNING, REQUEST, CLOSING])('$type arrives with every fact of it', async (announcement) => {
      await bench.announcer.announce(announcement);

      const { type, ...facts } = announcement;
      expect(bench.arrived()).toEqual([{ type, detail: expect.objectContaining(facts) }]);
    });

    test('what arrives has a title and one line that a chat can show as it is', async () => {
      await bench.announcer.announce(WARNING);

      expect(bench.arrived()[0]?.detail).toMatchObject({
        title: 'Keeptrusts test: Budget Warning',
        text: 'The budget of app/support for 2026-11 has reached 80 %: $321.00 of $400.00 spent.',
      });
    });

    test('announcements that are made at the same time all arrive', async () => {
      await Promise.all([WARNING, REQUEST, CLOSING].map((one) => bench.announcer.announce(one)));

      const types = bench.arrived().map(({ type }) => type);
      expect(types.sort()).toEqual(['Budget Warning', 'Review Expired', 'Review Requested']);
    });
  });
}
