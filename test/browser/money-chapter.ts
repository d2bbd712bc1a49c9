import { describe, expect, test } from '@jest/globals';
import type { LedgerEvent } from '#core/ledger/event.ts';
import { savedBy } from '../support/browser.ts';
import { eventually } from '../support/stack.ts';
import type { LiveStage } from './live-stage.ts';

interface Spend {
  readonly total: { readonly calls: number; readonly cost_micros: number };
}

export function moneyChapter(stage: () => LiveStage): void {
  describe('what was spent', () => {
    /** Once the events that were sent are counted. */
    const settled = () =>
      eventually(async () => {
        const before = await stage().api<Spend>('/api/spend');
        await new Promise((done) => setTimeout(done, 500));
        const after = await stage().api<Spend>('/api/spend');
        return before.total.calls === after.total.calls ? after.total : undefined;
      });

    test('is a bar of the budget that was set', async () => {
      const budget = { monthly_micros: 10_000, on_exceed: 'block' };
      await stage().api('/api/apps/support-bot', { method: 'PATCH', body: { budget } });
      const { page, complaints } = await stage().open('spend', { as: 'viewer' });

      const bar = page.getByRole('listitem').filter({ hasText: 'support-bot' });
      expect(await bar.textContent()).toMatch(/app, per month\$0\.00 of \$0\.010000.*0 % used.*block/);
      expect(complaints).toEqual([]);
    });

    test('is on the page to the micro-dollar, and in the CSV', async () => {
      const total = await settled();
      const { page, complaints } = await stage().open('spend', { as: 'viewer' });

      const csv = (await savedBy(page, 'Download CSV')).trimEnd().split('\r\n');

      const head = csv[0]?.split(',') ?? [];
      const column = (name: string) => csv.slice(1).map((line) => line.split(',')[head.indexOf(name)] ?? '');
      const dollars = column('usd').reduce((sum, text) => sum + Math.round(Number(text) * 1e6), 0);
      expect(column('calls').reduce((sum, text) => sum + Number(text), 0)).toBe(total.calls);
      expect(dollars).toBe(total.cost_micros);
      expect(await page.getByText(`for ${total.calls} calls`).textContent()).toContain(
        `$${(total.cost_micros / 1e6).toFixed(6)}`,
      );
      expect(complaints).toEqual([]);
    });

    test('is downloaded as FOCUS with the same sum', async () => {
      const total = await settled();
      const { page, complaints } = await stage().open('spend', { as: 'viewer' });

      const rows = (await savedBy(page, 'Download FOCUS')).trimEnd().split('\r\n').map(cells);

      const head = rows[0] ?? [];
      for (const name of ['BilledCost', 'BillingCurrency', 'ChargePeriodStart', 'ServiceName', 'Tags'])
        expect(head).toContain(name);
      const billed = rows.slice(1).map((row) => Math.round(Number(row[head.indexOf('BilledCost')]) * 1e6));
      expect(billed.reduce((sum, micros) => sum + micros, 0)).toBe(total.cost_micros);
      expect(complaints).toEqual([]);
    });

    test('every event is downloaded as a JSON line; the download is an event itself', async () => {
      const { page, complaints } = await stage().open('events', { as: 'viewer' });

      const text = await savedBy(page, 'Save JSONL');

      const saved = text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as LedgerEvent).event_id);
      const listed = await stage().api<{ events: LedgerEvent[] }>('/api/events?limit=200');
      const since = listed.events.findIndex(({ event_id }) => event_id === saved[0]);
      expect(since).toBeGreaterThanOrEqual(0);
      expect(saved).toEqual(listed.events.slice(since).map(({ event_id }) => event_id));
      await page.getByText('console.exported').first().waitFor({ timeout: 10_000 });
      expect(complaints).toEqual([]);
    });
  });
}

/** The cells of one line of CSV. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
