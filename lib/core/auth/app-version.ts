import canonicalize from 'canonicalize';
import type { App } from '#core/ports.ts';
import { sha256Hex } from '#core/text/hash.ts';

/** Of 64 bits: says which state of an app somebody saw. Two that differ in anything have different ones. */
export function appVersion(app: App): string {
  return sha256Hex(canonicalize(app) ?? '').slice(0, 16);
}
