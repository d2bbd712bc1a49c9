import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LedgerEvent } from '#core/ledger/event.ts';
import { fitEvent, jsonBytes, SMALLEST_FIT } from '#core/ledger/fit-event.ts';
import { sampleEvent } from '../../contracts/sample-records.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.nat({ max: 5_000 }).map((length) => '🙂'.repeat(length)),
  fc.nat({ max: 10_000 }).map((length) => '\u0000"'.repeat(length)),
);

/** Events whose open-ended parts may be very large. */
const events = fc
  .record({
    detail: text,
    app_id: text,
    model_requested: text,
    claims: fc.dictionary(text, text, { maxKeys: 5 }),
    cost_tags: fc.dictionary(fc.string(), text, { maxKeys: 300 }),
    unscanned_parts: fc.array(text, { maxLength: 100 }),
    attempts: fc.array(fc.record({ target: text, status: fc.constant(502), error: text, ms: fc.nat() }), {
      maxLength: 50,
    }),
    rules: fc.dictionary(text, fc.nat(), { maxKeys: 50 }),
  })
  .map(({ rules, ...over }) => {
    const policy = {
      kind: 'dlp-filter',
      phase: 'input',
      mode: 'enforce',
      action: 'flag',
      reason: 'ok',
    } as const;
    const seen = { latency_us: 1, chars_seen: 1, chars_scanned: 1 };
    const policies = Array.from({ length: 5 }, () => ({ ...policy, rules, ...seen, error: over.detail }));
    return { ...sampleEvent(), ...over, policies } as LedgerEvent;
  });

test('every event fits, stays an event and keeps its hash', () => {
  fc.assert(
    fc.property(events, fc.integer({ min: SMALLEST_FIT, max: 1_000_000 }), (event, limit) => {
      const fitted = fitEvent(event, limit);

      expect(jsonBytes(fitted)).toBeLessThanOrEqual(limit);
      expect(LedgerEvent.safeParse(fitted).success).toBe(true);
      const { event_id, request_id, at, hash, prev_hash, emitter, seq, usage, verdict, type } = event;
      expect(fitted).toMatchObject({
        event_id,
        request_id,
        at,
        hash,
        prev_hash,
        emitter,
        seq,
        usage,
        verdict,
        type,
      });
      expect(fitted.cost.micros).toBe(event.cost.micros);
    }),
    { numRuns: 40 },
  );
});

test('an event that fits is not touched', () => {
  const event = sampleEvent();

  expect(fitEvent(event, jsonBytes(event))).toBe(event);
});

test('what is cut keeps its beginning and its end', () => {
  const parts = Array.from({ length: 5000 }, (_, i) => `messages[${i}] image_url`);

  const { unscanned_parts, truncated } = fitEvent(sampleEvent({ unscanned_parts: parts }), 60_000);

  expect(truncated).toBe(true);
  expect([unscanned_parts[0], unscanned_parts.at(-1)]).toEqual([parts[0], parts.at(-1)]);
});
