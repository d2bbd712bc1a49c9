import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createEventBridgeClient, eventBridgeAnnouncer } from '#aws/event-bridge-announcer.ts';
import { announcerContract, REQUEST, WARNING } from '../contracts/announcer.ts';
import { freshCloud, NOWHERE } from './cloud.ts';
import { slowServer } from './slow-server.ts';

announcerContract('EventBridge', async () => {
  const cloud = await freshCloud();
  const client = createEventBridgeClient(cloud.endpoint);
  return {
    announcer: eventBridgeAnnouncer({ bus: 'kt-test', client }),
    arrived: () => cloud.announced.map((event) => ({ type: event['detail-type'], detail: event.detail })),
  };
});

test('an announcement is on the bus that was named, from keeptrusts, at the time it happened', async () => {
  const cloud = await freshCloud();
  const client = createEventBridgeClient(cloud.endpoint);

  await eventBridgeAnnouncer({ bus: 'kt-test', client }).announce(WARNING);

  expect(cloud.announced).toMatchObject([{ bus: 'kt-test', source: 'keeptrusts', time: WARNING.at }]);
});

let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  closing = [];
});

/** A bus that gives these answers one after the other, and the last one for ever. */
async function busThatSays(...answers: { status?: number; body: object; type?: string }[]) {
  let asked = 0;
  const server = createServer((request, response: ServerResponse) => {
    request.resume().once('end', () => {
      const { status = 200, body, type } = answers[Math.min(asked, answers.length - 1)]!;
      asked += 1;
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        ...(type && { 'x-amzn-errortype': type }),
      };
      response.writeHead(status, headers).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  const client = createEventBridgeClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  closing.push(async () => client.destroy());
  return { announcer: eventBridgeAnnouncer({ bus: 'kt-test', client }), asked: () => asked };
}

const TAKEN = { body: { FailedEntryCount: 0, Entries: [{ EventId: 'e1' }] } };
const entryRefused = (ErrorCode: string) => ({ body: { FailedEntryCount: 1, Entries: [{ ErrorCode }] } });
const throttled = { status: 400, body: { __type: 'ThrottlingException' }, type: 'ThrottlingException' };
const broken = { status: 500, body: { __type: 'InternalException' }, type: 'InternalException' };

describe('a bus in trouble', () => {
  test.each([
    ['throttles an entry of an accepted request', entryRefused('ThrottlingException')],
    ['fails inside an accepted request', entryRefused('InternalFailure')],
    ['throttles the request', throttled],
    ['answers 500', broken],
  ])('that %s is asked again, and has it then', async (_what, trouble) => {
    const bus = await busThatSays(trouble, TAKEN);

    await bus.announcer.announce(REQUEST);

    expect(bus.asked()).toBe(2);
  });

  test.each([
    ['throttles every entry', entryRefused('ThrottlingException'), /did not take it: ThrottlingException/],
    ['throttles every request', throttled, /./],
    ['answers 500 each time', broken, /./],
  ])('that %s is a failure after three tries', async (_what, trouble, message) => {
    const bus = await busThatSays(trouble);

    await expect(bus.announcer.announce(REQUEST)).rejects.toThrow(message);
    expect(bus.asked()).toBe(3);
  });

  test('that refuses the entry for good is a failure at once, although it answered 200', async () => {
    const bus = await busThatSays(entryRefused('MalformedDetail'));

    await expect(bus.announcer.announce(REQUEST)).rejects.toThrow('did not take it: MalformedDetail');
    expect(bus.asked()).toBe(1);
  });

  test('that hangs is a failure within seconds', async () => {
    const hanging = await slowServer();
    closing.push(hanging.close);
    const client = createEventBridgeClient(hanging.url);
    const started = performance.now();

    await expect(eventBridgeAnnouncer({ bus: 'kt-test', client }).announce(REQUEST)).rejects.toThrow();

    expect(performance.now() - started).toBeLessThan(8000);
  }, 15_000);

  test('that is not there is a failure', async () => {
    const client = createEventBridgeClient(NOWHERE);
    await expect(eventBridgeAnnouncer({ bus: 'kt-test', client }).announce(REQUEST)).rejects.toThrow();
  });
});
