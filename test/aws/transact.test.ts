import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { createDocumentClient } from '#aws/dynamo-client.ts';
import { transact } from '#aws/transact.ts';
import './cloud.ts';

const writes = ['a', 'b'].map((pk) => ({ Put: { TableName: 'State', Item: { pk, sk: 'META' } } }));

/** A DynamoDB that cancels the first transactions with these reason codes, and takes the next. */
async function cancelling(...answers: string[][]) {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume();
    const codes = answers[requests];
    requests += 1;
    const body = codes && {
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      Message: 'Transaction cancelled',
      CancellationReasons: codes.map((Code) => ({
        Code,
        Item: { owner: { S: 'someone' }, count: { N: '3' } },
      })),
    };
    response.writeHead(codes ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createDocumentClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const close = () => {
    client.destroy();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { client, requests: () => requests, close };
}

test.each(['TransactionConflict', 'ThrottlingError'])(
  'a transaction cancelled by %s is tried again until it is written',
  async (code) => {
    const { client, requests, close } = await cancelling([code, 'None'], ['None', code]);

    expect(await transact(client, writes)).toBeUndefined();

    expect(requests()).toBe(3);
    await close();
  },
);

test('a transaction that meets others again and again gives up after six tries', async () => {
  const { client, requests, close } = await cancelling(
    ...Array.from({ length: 9 }, () => ['TransactionConflict']),
  );

  await expect(transact(client, writes)).rejects.toMatchObject({ name: 'TransactionCanceledException' });

  expect(requests()).toBe(6);
  await close();
});

test('a refused condition is told at once, with what stands there', async () => {
  const { client, requests, close } = await cancelling(['TransactionConflict', 'ConditionalCheckFailed']);

  const refused = await transact(client, writes);

  expect(refused?.map(({ code }) => code)).toEqual(['TransactionConflict', 'ConditionalCheckFailed']);
  expect(refused?.[1]?.item).toEqual({ owner: 'someone', count: 3 });
  expect(requests()).toBe(1);
  await close();
});

test('a transaction the table can never take is not tried again', async () => {
  const { client, requests, close } = await cancelling(['ValidationError', 'None']);

  await expect(transact(client, writes)).rejects.toMatchObject({ name: 'TransactionCanceledException' });

  expect(requests()).toBe(1);
  await close();
});
