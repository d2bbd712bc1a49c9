import type { ExchangeFacts } from '#core/policy/policy.ts';
import type { PersonalData } from './entity.ts';
import { placeholder } from './placeholders.ts';
import type { PiiDetectorSettings } from './settings.ts';

/** What stands in the place of personal data. */
export function marker(
  { entity, canonical }: Pick<PersonalData, 'entity' | 'canonical'>,
  shown: string,
  settings: PiiDetectorSettings,
  facts: ExchangeFacts,
): string {
  switch (settings.redaction.marker_format) {
    case 'token':
      return placeholder(entity, canonical, facts);
    case 'label':
      return `<${entity.toUpperCase()}>`;
    case 'asterisks':
      return '*'.repeat(5);
    case 'partial':
      return `***${shown.slice(-4)}`;
  }
}
