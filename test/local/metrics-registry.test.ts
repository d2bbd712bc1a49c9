import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { METRICS } from '#core/metrics/catalogue.ts';
import { meteredSink } from '#core/metrics/meter-event.ts';
import { meteredApp } from '#core/metrics/metered-app.ts';
import { addSnapshots, metricsRegistry } from '#local/metrics-registry.ts';
import { prometheusText } from '#local/prometheus-text.ts';
import { metricsContract } from '../contracts/metrics.ts';
import { sampleEvent } from '../contracts/sample-records.ts';

metricsContract('registry', () => {
  const metrics = metricsRegistry();
  return {
    metrics,
    sum(name, label, value) {
      const at = (METRICS[name].labels as readonly string[]).indexOf(label);
      const series = (metrics.snapshot()[name] ?? []).filter(({ labels }) => labels[at] === value);
      return series.reduce((sum, one) => sum + one.value, 0);
    },
  };
});

/** What Prometheus reads: series → value. Throws on a line that is not of the format. */
function scrape(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith('# ')) continue;
    const match = /^([a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})?) (\S+)$/.exec(line);
    if (!match?.[1] || Number.isNaN(Number(match[2]))) throw new Error(`not of the format: ${line}`);
    if (found.has(match[1])) throw new Error(`twice: ${match[1]}`);
    found.set(match[1], Number(match[2]));
  }
  return found;
}

const call = { app: 'a', route: '/r', status: '200', verdict: 'allowed' };

describe('the text for Prometheus', () => {
  test('holds what a call left', async () => {
    const metrics = metricsRegistry();
    await meteredSink({ send: async () => ({ tier: 'journal' }) }, metrics, Date.parse).send(
      sampleEvent({
        policies: [
          {
            kind: 'pii-detector',
            phase: 'input',
            mode: 'enforce',
            action: 'redact',
            reason: 'pii',
            rules: {},
            latency_us: 700,
            chars_seen: 1,
            chars_scanned: 1,
            error: 'timeout',
          },
        ],
      }),
    );
    const series = scrape(prometheusText(metrics.snapshot(), []));

    expect(Object.fromEntries(series)).toMatchObject({
      'keeptrusts_requests_total{app="support",route="/v1/chat/completions",status="200",verdict="allowed"}': 1,
      'keeptrusts_provider_attempts_total{target="openai-1",status="200"}': 1,
      'keeptrusts_policy_actions_total{policy="pii-detector",phase="input",action="redact"}': 1,
      'keeptrusts_policy_errors_total{policy="pii-detector",phase="input"}': 1,
      'keeptrusts_policy_seconds_bucket{policy="pii-detector",phase="input",le="0.0005"}': 0,
      'keeptrusts_policy_seconds_bucket{policy="pii-detector",phase="input",le="0.001"}': 1,
      'keeptrusts_policy_seconds_bucket{policy="pii-detector",phase="input",le="+Inf"}': 1,
      'keeptrusts_tokens_total{app="support",model="gpt-4o-mini",kind="output"}': 85,
      'keeptrusts_cost_micros_total{app="support",model="gpt-4o-mini"}': 61,
      'keeptrusts_events_total{type="request.completed",tier="journal"}': 1,
    });
  });

  test('a histogram counts each value in every bucket from its own on', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1000, noNaN: true })), (values) => {
        const metrics = metricsRegistry();
        for (const value of values) metrics.observe('keeptrusts_provider_seconds', { target: 't' }, value);
        const series = scrape(prometheusText(metrics.snapshot(), []));
        const buckets = METRICS.keeptrusts_provider_seconds.buckets;
        if (values.length === 0) return;
        for (const bound of buckets) {
          const below = values.filter((value) => value <= bound).length;
          expect(series.get(`keeptrusts_provider_seconds_bucket{target="t",le="${bound}"}`)).toBe(below);
        }
        expect(series.get('keeptrusts_provider_seconds_count{target="t"}')).toBe(values.length);
      }),
      { numRuns: 50 },
    );
  });

  test('any text is a label value that comes back', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50, unit: 'binary' }), (app) => {
        const metrics = metricsRegistry();
        metrics.count('keeptrusts_requests_total', { ...call, app });
        expect(scrape(prometheusText(metrics.snapshot(), [])).size).toBe(1);
      }),
    );
  });

  test('a label with more values than are kept ends in "other"', () => {
    const metrics = metricsRegistry();
    for (let i = 0; i < 5000; i += 1)
      metrics.count('keeptrusts_requests_total', { ...call, app: `app-${i}` });
    const series = metrics.snapshot().keeptrusts_requests_total ?? [];

    expect(series.length).toBe(2001);
    expect(series.reduce((sum, { value }) => sum + value, 0)).toBe(5000);
    expect(series.find(({ labels }) => labels[0] === 'other')?.value).toBe(3000);
  });

  test('processes add up', () => {
    const [one, two] = [metricsRegistry(), metricsRegistry()];
    one.count('keeptrusts_requests_total', call, 2);
    two.count('keeptrusts_requests_total', call, 3);
    two.count('keeptrusts_requests_total', { ...call, app: 'b' });
    one.observe('keeptrusts_provider_seconds', { target: 't' }, 0.3);
    two.observe('keeptrusts_provider_seconds', { target: 't' }, 7);
    const sum = scrape(prometheusText(addSnapshots([one.snapshot(), two.snapshot()]), []));

    expect(Object.fromEntries(sum)).toMatchObject({
      'keeptrusts_requests_total{app="a",route="/r",status="200",verdict="allowed"}': 5,
      'keeptrusts_requests_total{app="b",route="/r",status="200",verdict="allowed"}': 1,
      'keeptrusts_provider_seconds_bucket{target="t",le="1"}': 1,
      'keeptrusts_provider_seconds_bucket{target="t",le="10"}': 2,
      'keeptrusts_provider_seconds_sum{target="t"}': 7.3,
    });
  });

  test('an answer without a call is counted by its status', async () => {
    const metrics = metricsRegistry();
    const app = meteredApp(async () => new Response('', { status: 401 }), metrics);
    await app(new Request('http://x/'), { deadline: 0 });

    expect(
      scrape(prometheusText(metrics.snapshot(), [])).get('keeptrusts_http_responses_total{status="401"}'),
    ).toBe(1);
  });

  test('a call that no provider saw leaves no model name a client wrote', async () => {
    const metrics = metricsRegistry();
    const sink = meteredSink({ send: async () => ({ tier: 'journal' }) }, metrics, Date.parse);
    await sink.send(sampleEvent({ type: 'request.refused', attempts: [], model_requested: 'made-up' }));

    expect(prometheusText(metrics.snapshot(), [])).not.toContain('made-up');
  });
});
