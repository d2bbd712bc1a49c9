import { sha256Hex } from '#core/text/hash.ts';

/** Which trace a call belongs to. */
export interface Trace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** The client's span, 16 hex digits; undefined = the trace begins here. */
  readonly parentSpanId?: string;
  /** False when the client said that nobody collects this trace. */
  readonly sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 0x01;

/**
 * The trace of a call from its `traceparent` header; a missing or wrong one begins a new trace.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function readTrace(traceparent: string | null, requestId: string): Trace {
  const [, version = '', traceId = '', parentSpanId = '', flags = '', rest] =
    TRACEPARENT.exec(traceparent?.trim() ?? '') ?? [];
  const known = version !== '' && version !== 'ff' && (version !== '00' || rest === undefined);
  if (!known || isZero(traceId) || isZero(parentSpanId)) {
    return { traceId: digits(requestId, 'trace', 32), sampled: true };
  }
  return { traceId, parentSpanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** The span of a call itself; the same wherever it is asked for. */
export function callSpanId(requestId: string): string {
  return digits(requestId, 'call', 16);
}

/** The span of the n-th attempt of a call, from 0. */
export function attemptSpanId(requestId: string, index: number): string {
  return digits(requestId, `attempt ${index}`, 16);
}

/** What the next server is told. */
export function writeTraceparent({ traceId, sampled }: Trace, spanId: string): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** A request id holds 80 random bits: so do the ids made of it, and nobody has to carry them along. */
function digits(requestId: string, part: string, length: number): string {
  return sha256Hex(`${part}\0${requestId}`).slice(0, length);
}

function isZero(hex: string): boolean {
  return /^0*$/.test(hex);
}
