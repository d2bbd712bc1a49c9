import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { emfMetrics } from '#aws/emf-metrics.ts';
import { METRICS, type MetricKind } from '#core/metrics/catalogue.ts';
import { meteredSink } from '#core/metrics/meter-event.ts';
import { metricsContract } from '../contracts/metrics.ts';
import { sampleEvent } from '../contracts/sample-records.ts';

interface Document {
  _aws: {
    Timestamp: number;
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit: string }[];
    }[];
  };
  [member: string]: unknown;
}

function bench() {
  const documents: Document[] = [];
  const metrics = emfMetrics({
    environment: 'test',
    clock: { now: () => 1_790_000_000_000 },
    write: (line) => {
      expect(line).toMatch(/^\{.*\}\n$/);
      documents.push(JSON.parse(line) as Document);
    },
  });
  return { metrics, documents };
}

metricsContract('embedded metric format', () => {
  const { metrics, documents } = bench();
  return {
    metrics,
    sum(name, label, value) {
      const known = (METRICS[name] as MetricKind).cloudWatch?.name ?? '';
      const found = documents.filter(
        (document) =>
          document[label] === value &&
          document._aws.CloudWatchMetrics.some(
            ({ Dimensions, Metrics }) =>
              Dimensions[0]?.includes(label) && Metrics.some(({ Name }) => Name === known),
          ),
      );
      return found.flatMap((document) => document[known] as number[]).reduce((sum, one) => sum + one, 0);
    },
  };
});

/** What CloudWatch does with documents: the sum of each metric under each set of dimensions. */
function ingested(documents: readonly Document[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const document of documents) {
    for (const { Namespace, Dimensions, Metrics } of document._aws.CloudWatchMetrics) {
      for (const names of Dimensions) {
        for (const { Name } of Metrics) {
          const at = names.map((name) => `${name}=${String(document[name])}`).join();
          const key = `${Namespace} ${Name} ${at}`;
          const values = document[Name] as number[];
          sums.set(key, (sums.get(key) ?? 0) + values.reduce((sum, one) => sum + one, 0));
        }
      }
    }
  }
  return sums;
}

const sink = { send: async () => ({ tier: 'queue' as const }) };

describe('a call as embedded metrics', () => {
  const event = sampleEvent({
    verdict: 'redacted',
    attempts: [
      { target: 'one', status: 503, ms: 40, at: new Date().toISOString() },
      { target: 'two', status: 200, ms: 412, at: new Date().toISOString() },
    ],
  });

  test('is few lines, each a document as CloudWatch specifies it', async () => {
    const { metrics, documents } = bench();
    await meteredSink(sink, metrics, Date.parse).send(event);

    expect(documents.length).toBeLessThanOrEqual(2);
    for (const document of documents) {
      expect(document._aws.Timestamp).toBe(1_790_000_000_000);
      for (const { Dimensions, Metrics } of document._aws.CloudWatchMetrics) {
        expect(Metrics.length).toBeLessThanOrEqual(100);
        for (const name of Dimensions.flat()) expect(document[name]).toEqual(expect.stringMatching(/./));
        for (const { Name } of Metrics)
          expect(document[Name]).toEqual(expect.arrayContaining([expect.any(Number)]));
      }
    }
  });

  test('arrives with its app, verdict, attempts, tokens, cost, tier', async () => {
    const { metrics, documents } = bench();
    await meteredSink(sink, metrics, Date.parse).send(event);
    const sums = ingested(documents);

    expect(Object.fromEntries(sums)).toMatchObject({
      'Keeptrusts Requests environment=test': 1,
      'Keeptrusts Requests environment=test,app=support': 1,
      'Keeptrusts Requests environment=test,verdict=redacted': 1,
      'Keeptrusts ProviderAttempts environment=test,target=one,status=503': 1,
      'Keeptrusts ProviderAttempts environment=test,target=two,status=200': 1,
      'Keeptrusts Tokens environment=test': 122,
      'Keeptrusts CostMicros environment=test,app=support': 61,
      'Keeptrusts Events environment=test,tier=queue': 1,
    });
  });

  test('loses nothing and mixes nothing, whatever is counted', () => {
    const label = fc.constantFrom('a', 'b', 'c');
    const counted = fc.record({ app: label, verdict: label, status: label, route: label, by: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(counted, { maxLength: 300 }), (calls) => {
        const { metrics, documents } = bench();
        for (const { by, ...labels } of calls) metrics.count('keeptrusts_requests_total', labels, by);
        metrics.flush();
        const sums = ingested(documents);
        const total = (app?: string) =>
          calls.filter((call) => !app || call.app === app).reduce((sum, { by }) => sum + by, 0);

        expect(sums.get('Keeptrusts Requests environment=test') ?? 0).toBe(total());
        for (const app of ['a', 'b', 'c'])
          expect(sums.get(`Keeptrusts Requests environment=test,app=${app}`) ?? 0).toBe(total(app));
      }),
      { numRuns: 50 },
    );
  });

  test('no document has more than 100 values of a metric', () => {
    const { metrics, documents } = bench();
    for (let i = 0; i < 1000; i += 1) metrics.observe('keeptrusts_provider_seconds', { target: 't' }, 1);
    metrics.flush();

    for (const document of documents)
      expect((document['ProviderDuration'] as number[]).length).toBeLessThanOrEqual(100);
  });
});

test('no metric has a label that could take any value', () => {
  const bounded = [
    'app',
    'route',
    'status',
    'verdict',
    'stream',
    'target',
    'policy',
    'phase',
    'action',
    'model',
    'kind',
    'type',
    'tier',
  ];

  for (const { labels } of Object.values(METRICS))
    expect(bounded).toEqual(expect.arrayContaining([...labels]));
});
