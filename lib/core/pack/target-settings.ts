import type { TargetEntry } from './file-schema.ts';
import type { ProviderKind } from './pack.ts';

/** What is wrong with a target that is well formed by itself: E003 value, E004 missing, E006 inconsistent. */
export interface Flaw {
  readonly code: 'E003' | 'E004' | 'E006';
  readonly message: string;
}

/** Settings of one wire only. */
const BELONGS_TO = {
  deployment: 'azure-openai',
  api_version: 'azure-openai',
  region: 'bedrock',
  base_model: 'bedrock',
} as const satisfies Partial<Record<keyof TargetEntry, ProviderKind>>;

const ARN = /^arn:aws[a-z-]*:bedrock:([a-z0-9-]+):/;
const HOST = /^https:\/\/bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/?$/;
const APPLICATION_PROFILE = /:(application-inference-profile|provisioned-model)\//;

/** What one wire needs beside the common settings, or why the target cannot work. */
export function wireSettings(
  entry: TargetEntry,
  kind: ProviderKind,
): { readonly flaw: Flaw } | { readonly settings: { region?: string }; readonly baseUrl?: string } {
  for (const [key, owner] of Object.entries(BELONGS_TO)) {
    if (entry[key as keyof typeof BELONGS_TO] !== undefined && owner !== kind) {
      return flaw('E006', `${key} is a setting of ${owner} targets only; remove it`);
    }
  }
  if (kind === 'bedrock') return bedrock(entry);
  if (!entry.secret_key_ref) {
    return flaw('E004', 'secret_key_ref is missing: it names the secret with the provider’s key');
  }
  return { settings: {} };
}

function bedrock(entry: TargetEntry) {
  const model = entry.provider_model ?? entry.model;
  if (APPLICATION_PROFILE.test(model) && !entry.base_model) {
    return flaw('E004', 'base_model is missing: an ARN does not say which model it stands for');
  }
  const region = entry.region ?? ARN.exec(model)?.[1] ?? HOST.exec(entry.base_url ?? '')?.[1];
  if (!region) return flaw('E004', 'region is missing: the AWS region whose Bedrock is called');
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { settings: { region }, baseUrl: `https://bedrock-runtime.${region}.${domain}` };
}

function flaw(code: Flaw['code'], message: string): { flaw: Flaw } {
  return { flaw: { code, message } };
}
