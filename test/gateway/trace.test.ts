import { afterEach, describe, expect, test } from '@jest/globals';
import { attemptSpanId } from '#core/trace/trace.ts';
import { chat, startGateway, type TestGateway } from '../support/gateway.ts';
import { json, says } from '../support/upstream.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

let gateway: TestGateway;
afterEach(() => gateway.close());

function sentOn(): (string | string[] | undefined)[] {
  return gateway.upstream.calls.map(({ headers }) => headers['traceparent']);
}

describe('the trace of a call', () => {
  test('of the client goes on to the provider and onto the event', async () => {
    gateway = await startGateway();
    await gateway.post(chat('hello'), { traceparent: `00-${TRACE}-${SPAN}-01` });
    const [event] = await gateway.stored(1);

    expect(event).toMatchObject({ trace_id: TRACE, parent_span_id: SPAN });
    expect(sentOn()).toEqual([`00-${TRACE}-${attemptSpanId(event!.request_id, 0)}-01`]);
  });

  test('begins here when the client sent none', async () => {
    gateway = await startGateway();
    await gateway.post(chat('hello'));
    const [event] = await gateway.stored(1);

    expect(event?.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(event).not.toHaveProperty('parent_span_id');
    expect(sentOn()).toEqual([expect.stringContaining(`00-${event?.trace_id}-`)]);
  });

  test('begins here when the client sent something else, which goes nowhere', async () => {
    gateway = await startGateway();
    await gateway.post(chat('hello'), { traceparent: '00-my secret-00-01' });
    const [event] = await gateway.stored(1);

    expect(JSON.stringify([event, sentOn(), gateway.lines])).not.toContain('my secret');
  });

  test('has a span of its own for each attempt, and the client\'s "not sampled" stands', async () => {
    gateway = await startGateway();
    let calls = 0;
    gateway.upstream.answer((call, response) => {
      calls += 1;
      return calls === 1 ? json(response, 500, {}) : says('hi')(call, response);
    });
    await gateway.post(chat('hello'), { traceparent: `00-${TRACE}-${SPAN}-00` });
    const [event] = await gateway.stored(1);
    const spans = [0, 1].map((attempt) => `00-${TRACE}-${attemptSpanId(event!.request_id, attempt)}-00`);

    expect(sentOn()).toEqual(spans);
    expect(event).toMatchObject({ trace_sampled: false });
    expect(event?.attempts.map(({ at }) => at)).toEqual([expect.any(String), expect.any(String)]);
  });

  test('is on the line of the call', async () => {
    gateway = await startGateway();
    await gateway.post(chat('hello'), { traceparent: `00-${TRACE}-${SPAN}-01` });
    await gateway.stored(1);

    expect(gateway.lines.find(({ message }) => message === 'call')?.fields).toMatchObject({
      trace_id: TRACE,
    });
  });
});
