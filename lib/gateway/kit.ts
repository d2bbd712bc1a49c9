import type { Emitter } from '#core/ledger/chain.ts';
import type { GatewayDeployment, GatewayOptions, GatewayPorts } from './ports.ts';
import type { RateGate } from './rate-gate.ts';
import type { RecordEnding } from './record.ts';
import type { Breakers } from './remote/breaker.ts';
import type { Health } from './routing/health.ts';

/** What every model call works with. */
export interface ExchangeKit {
  readonly ports: GatewayPorts;
  readonly options: GatewayOptions;
  readonly record: RecordEnding;
  readonly rates: RateGate;
  readonly emitter: Emitter;
  /** What this execution environment has learnt about its targets. */
  readonly health: Health;
  readonly deployment: () => GatewayDeployment;
  /** What it has learnt about remote detectors. */
  readonly breakers: Breakers;
}
