import type { ExchangeFacts } from '#core/policy/policy.ts';
import { type MarkedEntity, nameOf, placeholder } from './placeholders.ts';
import type { PiiDetectorSettings } from './settings.ts';

/** What stands in the place of personal data; `custom` is a pattern of the operator's. */
export function marker(
  { entity, canonical }: { readonly entity: MarkedEntity; readonly canonical: string },
  shown: string,
  { redaction }: PiiDetectorSettings,
  facts: ExchangeFacts,
): string {
  switch (redaction.marker_format) {
    case 'token':
      return placeholder(entity, canonical, facts);
    case 'label':
      return `<${nameOf(entity)}>`;
    case 'asterisks':
      return '*'.repeat(redaction.preserve_length ? shown.length : 5);
    case 'partial':
      return `***${tail(shown)}`;
    case 'custom':
      return redaction.custom_markers[entity] ?? redaction.custom_markers.default ?? `<${nameOf(entity)}>`;
  }
}

/** The last four signs, and never more than a third of a value. */
function tail(shown: string): string {
  const length = Math.min(4, Math.floor(shown.length / 3));
  return length === 0 ? '' : shown.slice(-length);
}
