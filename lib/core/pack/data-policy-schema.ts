import * as z from 'zod';

const region = z
  .string()
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'must be a region such as eu-central-1, eu or us (small letters, digits, -)',
  )
  .max(60);

/** Declared by the operator: the gateway cannot look into a provider's contract. What is not said is not promised. */
export const DataPolicy = z.strictObject({
  zero_data_retention: z.boolean().default(false).describe('The provider keeps no prompts or answers'),
  training_opt_out: z.boolean().default(false).describe('The provider does not train on them'),
  region: region.optional().describe('Where data is processed: eu-central-1, eu, us …'),
});

/** Of a pack, or of one app of an environment. */
export const DataRequirements = z.strictObject({
  zero_data_retention: z.boolean().optional(),
  training_opt_out: z.boolean().optional(),
  region: z.array(region).min(1).max(50).optional().describe('Any of these; eu covers eu-central-1'),
});
