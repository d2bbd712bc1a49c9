import { sha256Hex } from '#core/text/hash.ts';

/**
 * Values in an issuer's format that the issuer itself publishes for everybody to copy: they open nothing. Kept as the first 16 hex
 * digits of their SHA-256, so that nobody's scanner takes this file for a leak. Only values seen in the issuer's own pages or
 * sources belong here.
 */
const PUBLISHED: ReadonlySet<string> = new Set([
  // Google, test keys in the sources of its Firebase SDKs (messaging precondition checks, storage and instance id tests).
  '27a9a42931dff7eb',
  '49f777db995e8260',
  '8731261cb72d8626',
  '37f8f09bdf12c2f2',
  'eb540d2b6ee2a0a4',
  '2037abcaffb2b777',
  '3f370c9dd8225c63',
  'e4a5542bb7fd7b67',
  '4c98242dcadc8b29',
  // Microsoft, the keys of the storage emulator and of the Cosmos DB emulator (learn.microsoft.com).
  '0011cc25eb432071',
  '43f9e1869f799962',
  '900e6c2bf8ce6c14',
  'c8ad71b082942532',
  // Google, the reCAPTCHA keys for automated tests (developers.google.com/recaptcha/docs/faq).
  '03b970ed8171d73b',
  'f5e95c9954635b65',
  // Stripe, the test keys of its API reference.
  '2cafc0970149a84f',
  'f2d6ca16515033e5',
  '2d1f7723aabc5c7a',
]);

const SHORTEST = 32;
const LONGEST = 120;

/** Whether an issuer publishes this value as an example. */
export function isPublishedExample(value: string): boolean {
  if (value.length < SHORTEST || value.length > LONGEST) return false;
  return PUBLISHED.has(sha256Hex(value).slice(0, 16));
}
