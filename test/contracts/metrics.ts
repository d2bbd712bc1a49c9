import { beforeEach, describe, expect, test } from '@jest/globals';
import type { MetricName } from '#core/metrics/catalogue.ts';
import type { Metrics } from '#core/ports.ts';

export interface MetricsBench {
  readonly metrics: Metrics;
  /** The sum of a metric over everything that has this label. */
  sum(name: MetricName, label: string, value: string): number;
}

const call = { route: '/chat/completions', status: '200', verdict: 'allowed' };

/** What every Metrics promises. `make` gives an empty one. */
export function metricsContract(name: string, make: () => MetricsBench): void {
  describe(`metrics: ${name}`, () => {
    let bench: MetricsBench;
    beforeEach(() => {
      bench = make();
    });

    test('what was counted adds up, apart by label', () => {
      for (let i = 0; i < 250; i += 1)
        bench.metrics.count('keeptrusts_requests_total', { ...call, app: 'a' });
      bench.metrics.count('keeptrusts_requests_total', { ...call, app: 'b' }, 5);
      bench.metrics.flush();

      expect(bench.sum('keeptrusts_requests_total', 'app', 'a')).toBe(250);
      expect(bench.sum('keeptrusts_requests_total', 'app', 'b')).toBe(5);
    });

    test('what was observed adds up', () => {
      for (const seconds of [0.1, 0.2, 40])
        bench.metrics.observe('keeptrusts_provider_seconds', { target: 't' }, seconds);
      bench.metrics.flush();

      expect(bench.sum('keeptrusts_provider_seconds', 'target', 't')).toBeCloseTo(40.3);
    });

    test('counting goes on after a flush', () => {
      bench.metrics.count('keeptrusts_requests_total', { ...call, app: 'a' });
      bench.metrics.flush();
      bench.metrics.count('keeptrusts_requests_total', { ...call, app: 'a' });
      bench.metrics.flush();
      bench.metrics.flush();

      expect(bench.sum('keeptrusts_requests_total', 'app', 'a')).toBe(2);
    });

    test('a gauge is what it was set to last', () => {
      bench.metrics.set('keeptrusts_circuit_open', { target: 't' }, 1);
      bench.metrics.flush();

      expect(bench.sum('keeptrusts_circuit_open', 'target', 't')).toBe(1);
    });
  });
}
