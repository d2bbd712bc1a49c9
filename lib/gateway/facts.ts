import { isStructured } from '#core/openai/request-facts.ts';
import type { InputFacts } from '#core/policy/input-chain.ts';
import { sha256Hex } from '#core/text/hash.ts';
import { pseudonyms } from '#core/text/pseudonym.ts';
import type { Exchange } from './exchange.ts';

/** What policies may know about an exchange; one object per call. */
export function createFacts(exchange: Exchange): InputFacts {
  return {
    probe: exchange.validation,
    structuredOutput: isStructured(exchange.body),
    model: exchange.model,
    pseudonym: pseudonyms(exchange.tenantKey),
    vault: new Map(),
    sample: sampleOf(exchange.requestId),
  };
}

/** Decided by the request id, so that every policy of a call sees the same number. */
function sampleOf(requestId: string): number {
  return Number.parseInt(sha256Hex(requestId).slice(0, 12), 16) / 2 ** 48;
}
