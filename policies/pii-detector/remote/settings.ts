import * as z from 'zod';
import { GuardrailSettings } from '#core/policy/guardrail.ts';

/** What `DetectPiiEntities` looks for in every language it knows. */
const KINDS = [
  'NAME',
  'ADDRESS',
  'AGE',
  'USERNAME',
  'PASSWORD',
  'PIN',
  'DATE_TIME',
  'DRIVER_ID',
  'LICENSE_PLATE',
  'VEHICLE_IDENTIFICATION_NUMBER',
  'URL',
  'EMAIL',
  'PHONE',
  'SSN',
  'PASSPORT_NUMBER',
  'BANK_ACCOUNT_NUMBER',
  'BANK_ROUTING',
  'SWIFT_CODE',
  'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  'CREDIT_DEBIT_NUMBER',
  'CREDIT_DEBIT_CVV',
  'CREDIT_DEBIT_EXPIRY',
  'IP_ADDRESS',
  'MAC_ADDRESS',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER',
  'CA_HEALTH_NUMBER',
  'CA_SOCIAL_INSURANCE_NUMBER',
  'IN_AADHAAR',
  'IN_NREGA',
  'IN_PERMANENT_ACCOUNT_NUMBER',
  'IN_VOTER_NUMBER',
  'UK_NATIONAL_HEALTH_SERVICE_NUMBER',
  'UK_NATIONAL_INSURANCE_NUMBER',
  'UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER',
] as const;

const answers = z
  .boolean()
  .default(false)
  .describe('Also asked about answers, which wait for it; it masks every name that was not in the request');

const ComprehendSettings = z.strictObject({
  language: z.enum(['en', 'es']).default('en').describe('It knows English and Spanish'),
  entities: z
    .array(z.enum(KINDS))
    .min(1)
    .default(['NAME', 'ADDRESS'])
    .describe('Kinds that count, in the names of the service'),
  min_score: z.number().min(0).max(1).default(0.8).describe('How sure it must be'),
  answers,
});

export const RemoteSettings = z
  .strictObject({
    comprehend: ComprehendSettings.optional().describe('Amazon Comprehend: names and addresses'),
    bedrock_guardrail: GuardrailSettings.extend({ answers })
      .optional()
      .describe('The sensitive information filters of a guardrail of Amazon Bedrock'),
  })
  .optional()
  .describe('Who else is asked, for what has no format: names and addresses');
export type RemoteSettings = z.infer<typeof RemoteSettings>;
