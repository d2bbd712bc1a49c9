import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { dynamoLedger } from '#aws/dynamo-ledger.ts';
import { dynamoUsageReader } from '#aws/dynamo-usage-reader.ts';
import { intentKeyOf } from '#aws/intent-items.ts';
import { sampleEvent } from '../contracts/sample-records.ts';
import { freshCloud } from './cloud.ts';

/** What the first versions kept of a closed call: no counter for long caches, heard audio, seconds, characters or judges. */
function oldCounted(day: string): string {
  const tokens = { input: 7, cached_input: 0, cache_write: 0, output: 5, reasoning: 0, audio: 0 };
  const row = { app: 'support', day, model: 'gpt-4o-mini', calls: 1, blocked: 0 };
  return JSON.stringify({ ...row, ...tokens, cost_micros: 5000, unpriced: 0 });
}

test('a call that an older version gave up for lost is corrected to the token and micro-dollar', async () => {
  const { client, tables } = await freshCloud();
  const ledger = dynamoLedger({ ...tables, client });
  const usage = { input: 7, cached_input: 0, cache_write: 0, output: 5, reasoning: 0, audio: 0 };
  const lost = sampleEvent({
    type: 'request.outcome_unknown',
    usage: { ...usage, source: 'estimated' },
    cost: { micros: 5000, price_table: 't' },
  });
  await ledger.append(lost);
  const today = lost.at.slice(0, 10);
  await client.send(
    new UpdateCommand({
      TableName: 'State',
      Key: intentKeyOf(lost.request_id),
      UpdateExpression: 'SET counted = :old',
      ExpressionAttributeValues: { ':old': oldCounted(today) },
    }),
  );

  await ledger.append(sampleEvent({ request_id: lost.request_id }));

  const rows = await dynamoUsageReader({ table: 'State', client }).usage(today, today);
  expect(rows).toMatchObject([
    {
      calls: 1,
      input: 32,
      output: 90,
      costMicros: 61,
      unpriced: 0,
      quantities: { seconds: 0, judge_input: 0 },
    },
  ]);
});
