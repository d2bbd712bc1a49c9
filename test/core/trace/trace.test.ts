import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attemptSpanId, callSpanId, readTrace, writeTraceparent } from '#core/trace/trace.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  test.each([
    [`00-${ID}-${SPAN}-01`, true],
    [`00-${ID}-${SPAN}-00`, false],
    [`00-${ID}-${SPAN}-03`, true],
    [` 00-${ID}-${SPAN}-01 `, true],
    [`cc-${ID}-${SPAN}-01-what-the-future-brings`, true],
  ])('%s is taken', (header, sampled) => {
    expect(readTrace(header, 'r')).toEqual({ traceId: ID, parentSpanId: SPAN, sampled });
  });

  test.each([
    null,
    '',
    'nonsense',
    `00-${ID}-${SPAN}`,
    `00-${ID}-${SPAN}-01-more`,
    `ff-${ID}-${SPAN}-01`,
    `00-${ID.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${ID}-${'0'.repeat(16)}-01`,
    `00-${ID}-${SPAN}-1`,
    `00-${ID}-${SPAN}-01, 00-${ID}-${SPAN}-01`,
  ])('%s begins a new trace', (header) => {
    const trace = readTrace(header, 'r');

    expect(trace).toEqual({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/), sampled: true });
    expect(trace.traceId).not.toBe(ID);
  });

  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(10), (requestId, attempt) => {
        const trace = readTrace(null, requestId);
        const span = attemptSpanId(requestId, attempt);
        expect(readTrace(writeTraceparent(trace, span), 'other')).toEqual({ ...trace, parentSpanId: span });
      }),
    );
  });

  test('every call and attempt has a span of its own', () => {
    const ids = ['a', 'b'].flatMap((id) => [callSpanId(id), attemptSpanId(id, 0), attemptSpanId(id, 1)]);

    expect(new Set(ids).size).toBe(6);
  });
});
