import * as z from 'zod';
import { LinearPatternText } from '#core/text/linear-pattern.ts';
import { ENTITIES, type FindOptions } from './entity.ts';
import { REGIONS, SCHEMES } from './numbers/schemes.ts';
import { RemoteSettings } from './remote/settings.ts';

const EntityName = z.enum(ENTITIES);

export const PiiDetectorSettings = z
  .strictObject({
    action: z
      .enum(['redact', 'block', 'flag'])
      .default('redact')
      .describe('redact replaces the value, block refuses the text, flag only records'),
    entities: z
      .array(EntityName)
      .min(1)
      .optional()
      .describe('Only these kinds are looked for; default: all but those of healthcare_mode and pci_mode'),
    exclude_entities: z.array(EntityName).default([]).describe('Kinds that are not looked for'),
    regions: z
      .array(z.enum(REGIONS))
      .min(1)
      .optional()
      .describe('Countries whose identity, tax and health numbers are looked for; default: all'),
    default_region: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be an ISO 3166 country code such as DE')
      .optional()
      .describe('Country whose national phone numbers are known without a word such as "phone" before them'),
    healthcare_mode: z
      .boolean()
      .default(false)
      .describe('Also medical record, insurance, prescriber and provider numbers and days of birth'),
    pci_mode: z
      .boolean()
      .default(true)
      .describe('Also the security code, expiry date and holder of payment cards'),
    private_ips: z
      .boolean()
      .default(false)
      .describe('Also private, loopback, link-local and documentation IP addresses'),
    detect_patterns: z
      .array(LinearPatternText)
      .max(50)
      .default([])
      .describe('RE2 patterns of personal data of your own, in requests'),
    restore: z
      .boolean()
      .optional()
      .describe('Put the values back into the answer; default: with marker_format token'),
    mask_answers: z
      .boolean()
      .default(true)
      .describe('Mask personal data in answers that was not in the request'),
    redaction: z
      .strictObject({
        marker_format: z
          .enum(['token', 'label', 'asterisks', 'partial', 'custom'])
          .default('token')
          .describe(
            'token <EMAIL_k3v9q2>, label <EMAIL>, asterisks *****, partial ***4242, custom: custom_markers',
          ),
        preserve_length: z.boolean().default(false).describe('As many asterisks as the value had characters'),
        custom_markers: z
          .partialRecord(z.enum([...ENTITIES, 'person', 'address', 'custom', 'default']), z.string().max(64))
          .default({})
          .describe('With marker_format custom: a text for each kind; "default" for all others'),
      })
      .prefault({}),
    remote: RemoteSettings,
  })
  .refine(({ restore, redaction }) => !restore || redaction.marker_format === 'token', {
    path: ['restore'],
    message:
      'must be false unless redaction.marker_format is token: other markers do not say which value they hide',
  });
export type PiiDetectorSettings = z.infer<typeof PiiDetectorSettings>;

export function restores({ restore, action, redaction }: PiiDetectorSettings): boolean {
  return action === 'redact' && redaction.marker_format === 'token' && restore !== false;
}

/** Kinds that only their mode looks for, unless `entities` names them. */
const HEALTHCARE = ['mrn', 'health_insurance', 'birth_date', 'us_npi', 'us_dea', 'de_lanr', 'de_bsnr'];
const PCI = ['card_cvv', 'card_expiry', 'cardholder'];

/** What the settings ask the finders for. `whole`: the text is a request, which does not grow. */
export function findOptions(settings: PiiDetectorSettings, whole: boolean): FindOptions {
  return {
    entities: entitiesOf(settings),
    defaultRegion: settings.default_region,
    privateIps: settings.private_ips,
    whole,
  };
}

const known = new WeakMap<PiiDetectorSettings, ReadonlySet<string>>();

function entitiesOf(settings: PiiDetectorSettings): ReadonlySet<string> {
  let wanted = known.get(settings);
  if (!wanted) {
    wanted = new Set(choose(settings));
    known.set(settings, wanted);
  }
  return wanted;
}

function choose(settings: PiiDetectorSettings): string[] {
  const { entities, exclude_entities, regions, healthcare_mode, pci_mode } = settings;
  const off = [...(healthcare_mode ? [] : HEALTHCARE), ...(pci_mode ? [] : PCI)];
  const wanted = entities ?? ENTITIES.filter((entity) => !off.includes(entity));
  return wanted.filter((entity) => !exclude_entities.includes(entity) && isInRegions(entity, regions));
}

function isInRegions(entity: string, regions: readonly string[] | undefined): boolean {
  if (!regions) return true;
  const region = entity === 'ssn' ? 'US' : (SCHEMES as Record<string, { region?: string }>)[entity]?.region;
  return region === undefined || regions.includes(region);
}
