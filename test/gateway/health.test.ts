import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Routing, Target } from '#core/pack/pack.ts';
import { createHealth } from '#gateway/routing/health.ts';

const ROUTING: Routing = { strategy: 'latency', breaker: { failures: 5, open_seconds: 30 } };
const TARGET = {
  id: 't',
  base_url: 'https://a.example.com/v1',
  provider_model: 'm',
  timeout_ms: 1000,
} as Target;

function start() {
  const time = { now: 0 };
  const lines: string[] = [];
  const log = {
    info: (line: string) => void lines.push(line),
    error: (line: string) => void lines.push(line),
  };
  const health = createHealth({ now: () => time.now }, log);
  return { health, time, lines, enter: () => health.enter(TARGET, ROUTING, true) };
}

test('a probe whose client left gives its place to the next call', () => {
  const { time, enter } = start();
  for (let i = 0; i < 5; i += 1) enter()?.failed();
  time.now += 30_000;
  const probe = enter();

  expect([probe === undefined, enter()]).toEqual([false, undefined]);
  probe?.dropped();
  expect(enter()).toBeDefined();
});

test('calls that were under way when the breaker opened do not keep it open longer', () => {
  const { health, time, enter } = start();
  const running = Array.from({ length: 10 }, () => enter());
  for (const permit of running.slice(0, 5)) permit?.failed();
  time.now += 20_000;
  for (const permit of running.slice(5)) permit?.failed();

  expect(health.retryIn(TARGET)).toBe(10_000);
});

test('streamed and whole answers have averages of their own', () => {
  const { health } = start();
  health.enter(TARGET, ROUTING, true)?.answered(100);
  health.enter(TARGET, ROUTING, false)?.answered(3000);
  health.enter(TARGET, ROUTING, true)?.answered(200);

  expect([health.averageMs(TARGET, true), health.averageMs(TARGET, false)]).toEqual([130, 3000]);
});

test('whatever happens, a target is tried again at the latest after its time', () => {
  const step = fc.constantFrom('enter', 'answered', 'failed', 'dropped', 'wait');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const { time, enter } = start();
      const permits: NonNullable<ReturnType<typeof enter>>[] = [];
      for (const each of steps) {
        if (each === 'wait') time.now += 7_000;
        else if (each === 'enter') permits.push(...[enter()].filter((permit) => permit !== undefined));
        else permits.shift()?.[each](50);
      }
      for (const permit of permits) permit.dropped();
      time.now += 30_000;
      expect(enter()).toBeDefined();
    }),
  );
});
