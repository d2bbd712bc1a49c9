import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { transact } from '#aws/transact.ts';

const conflict = () =>
  new TransactionCanceledException({
    $metadata: {},
    message: 'cancelled',
    CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
  });

/** A table on which so many transactions meet others before one is alone. */
function busyFor(times: number) {
  const state = { tries: 0 };
  const send = async () => {
    state.tries += 1;
    if (state.tries <= times) throw conflict();
    return {};
  };
  return { state, client: { send } as unknown as DynamoDBDocumentClient };
}

test('transactions that meet are repeated', async () => {
  const { state, client } = busyFor(3);

  expect(await transact(client, [])).toBeUndefined();
  expect(state.tries).toBe(4);
});

test('without a deadline six tries are enough', async () => {
  const { state, client } = busyFor(100);

  await expect(transact(client, [])).rejects.toThrow('cancelled');
  expect(state.tries).toBe(6);
});

test('with a deadline it is tried until then, and not beyond', async () => {
  const lucky = busyFor(8);
  expect(await transact(lucky.client, [], AbortSignal.timeout(20_000))).toBeUndefined();
  expect(lucky.state.tries).toBe(9);

  const unlucky = busyFor(10_000);
  await expect(transact(unlucky.client, [], AbortSignal.timeout(300))).rejects.toThrow(/abort/i);
});
