import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../support/services.ts';

/** What `PutEvents` of EventBridge does, as far as this product needs it. */
export function eventsContract(endpoint: () => string): void {
  describe('EventBridge', () => {
    let client: EventBridgeClient;
    beforeAll(() => {
      client = new EventBridgeClient(clientConfig(endpoint()));
    });
    afterAll(() => client.destroy());

    const entry = { Source: 'test', DetailType: 'Tested', Detail: '{"a":1}' };
    const put = (...Entries: object[]) => client.send(new PutEventsCommand({ Entries: Entries as never }));

    test('every entry that is taken gets an id of its own', async () => {
      const { FailedEntryCount, Entries = [] } = await put(entry, entry);
      expect(FailedEntryCount).toBe(0);
      expect(new Set(Entries.map(({ EventId }) => EventId)).size).toBe(2);
    });

    test('an entry whose detail is no JSON object is refused alone', async () => {
      const { FailedEntryCount, Entries = [] } = await put({ ...entry, Detail: 'text' }, entry);
      expect(FailedEntryCount).toBe(1);
      expect(Entries).toMatchObject([{ ErrorCode: 'MalformedDetail' }, { EventId: expect.any(String) }]);
    });

    test.each(['Source', 'DetailType', 'Detail'])('an entry without %s is refused alone', async (name) => {
      const { FailedEntryCount, Entries } = await put({ ...entry, [name]: undefined });
      expect(FailedEntryCount).toBe(1);
      expect(Entries).toMatchObject([
        { ErrorCode: 'InvalidArgument', ErrorMessage: expect.stringContaining(name) },
      ]);
    });

    test('more than ten entries are refused together', async () => {
      await expect(put(...Array.from({ length: 11 }, () => entry))).rejects.toMatchObject({
        name: 'ValidationException',
      });
    });
  });
}
