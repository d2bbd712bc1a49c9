import { describe, expect, test } from '@jest/globals';
import { spansOf } from '#core/trace/spans.ts';
import { attemptSpanId, callSpanId } from '#core/trace/trace.ts';
import { sampleEvent } from '../../contracts/sample-records.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const at = (second: number) => new Date(Date.UTC(2026, 10, 28, 12, 0, second)).toISOString();

const event = sampleEvent({
  trace_id: TRACE,
  parent_span_id: '00f067aa0ba902b7',
  route: '/chat/completions',
  at: at(0),
  ended_at: at(9),
  provider_request_id: 'req-1',
  attempts: [
    { target: 'closed', status: null, error: 'circuit_open', ms: 0 },
    { target: 'one', status: 503, error: 'provider_error', ms: 500, at: at(1) },
    { target: 'two', status: 200, ms: 400, at: at(2) },
  ],
});
const [call, failed, served, ...rest] = spansOf(event, Date.parse);

describe('the spans of a call', () => {
  test('are the call and each attempt that was made', () => {
    expect(rest).toEqual([]);
    expect([call?.name, failed?.name, served?.name]).toEqual([
      'gateway chat gpt-4o-mini',
      'chat gpt-4o-mini',
      'chat gpt-4o-mini',
    ]);
  });

  test('hang together: client, call, attempt', () => {
    expect([call?.parentSpanId, call?.spanId]).toEqual(['00f067aa0ba902b7', callSpanId(event.request_id)]);
    expect([served?.parentSpanId, served?.spanId]).toEqual([
      call?.spanId,
      attemptSpanId(event.request_id, 2),
    ]);
    expect(new Set([call, failed, served].map((span) => span?.traceId))).toEqual(new Set([TRACE]));
  });

  test('last as long as what they stand for', () => {
    const seconds = [call, failed, served].map((span) => (span ? (span.end - span.start) / 1000 : 0));

    expect(seconds).toEqual([9, 0.5, 7]);
  });

  test('carry the attributes of the GenAI conventions', () => {
    expect(served?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
      'gen_ai.response.id': 'req-1',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 32,
      'gen_ai.usage.output_tokens': 90,
    });
    expect(failed?.attributes).toMatchObject({
      'error.type': 'provider_error',
      'http.response.status_code': 503,
    });
    expect(failed?.attributes).not.toHaveProperty('gen_ai.usage.input_tokens');
    expect([call?.failed, failed?.failed, served?.failed]).toEqual([false, true, false]);
  });

  test.each([
    ['a trace that nobody collects', { trace_sampled: false }],
    ['an event that is no call', { type: 'policy.bypassed' as const }],
  ])('do not exist for %s', (_, over) => {
    expect(spansOf({ ...event, ...over }, Date.parse)).toEqual([]);
  });
});
