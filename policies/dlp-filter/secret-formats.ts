/**
 * Tokens as their issuers document them: a prefix that nothing else has, then an alphabet and a length. `rest` matches from
 * the end of the prefix and is bounded; what it matches is always part of the secret.
 */
export interface SecretFormat {
  readonly id: string;
  readonly prefixes: readonly string[];
  /** Sticky. */
  readonly rest: RegExp;
  /** Everything the token may consist of so far: where a growing text could still be one. Sticky. */
  readonly growing: RegExp;
  /** One length only: a further letter or digit makes it something else. */
  readonly exact?: boolean;
}

const ALNUM = 'A-Za-z0-9';

/** Prefix and `min`–`max` signs of one alphabet. */
function simple(id: string, prefixes: string, alphabet: string, min: number, max: number): SecretFormat {
  return {
    id: `secret.${id}`,
    prefixes: prefixes.split(' '),
    rest: new RegExp(`[${alphabet}]{${min},${max}}`, 'y'),
    growing: new RegExp(`[${alphabet}]{0,${max}}`, 'y'),
    exact: min === max,
  };
}

/** Several parts with signs between them; `growing` is an alphabet and a length, or a pattern. */
function shaped(id: string, prefixes: string, rest: string, growing: string, max?: number): SecretFormat {
  return {
    id: `secret.${id}`,
    prefixes: prefixes.split(' '),
    rest: new RegExp(rest, 'y'),
    growing: new RegExp(max === undefined ? growing : `[${growing}]{0,${max}}`, 'y'),
  };
}

export const SECRET_FORMATS: readonly SecretFormat[] = [
  simple('aws_access_key', 'AKIA ASIA ABIA ACCA', 'A-Z2-7', 16, 16),
  simple('aws_bedrock_key', 'ABSKQmVkcm9ja0FQSUtleS', `${ALNUM}+/=`, 80, 300),
  simple('github_token', 'ghp_ gho_ ghu_ ghs_ ghr_', ALNUM, 36, 255),
  simple('github_fine_grained', 'github_pat_', `${ALNUM}_`, 50, 255),
  simple(
    'gitlab_token',
    'glpat- gldt- glrt- glptt- glcbt- glft- glimt- glagent- gloas- glsoat- glffct-',
    `${ALNUM}_.-`,
    20,
    300,
  ),
  shaped(
    'slack_token',
    'xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxe.xoxp- xapp-',
    `[0-9A-Za-z]{1,20}-[${ALNUM}-]{8,250}`,
    `${ALNUM}-`,
    272,
  ),
  shaped(
    'slack_webhook',
    'hooks.slack.com/services/ hooks.slack.com/workflows/',
    `[${ALNUM}]{8,14}/[${ALNUM}]{8,14}/[${ALNUM}/]{16,64}`,
    `${ALNUM}/`,
    100,
  ),
  simple('stripe_key', 'sk_live_ sk_test_ rk_live_ rk_test_ whsec_', `${ALNUM}+/=`, 16, 250),
  simple('openai_key', 'sk-proj- sk-svcacct- sk-admin-', `${ALNUM}_-`, 20, 250),
  simple('anthropic_key', 'sk-ant-', `${ALNUM}_-`, 20, 250),
  simple('openrouter_key', 'sk-or-v1-', 'a-f0-9', 64, 64),
  simple('openai_key', 'sk-', ALNUM, 32, 250),
  simple('google_api_key', 'AIza', `${ALNUM}_-`, 35, 35),
  simple('google_oauth_secret', 'GOCSPX-', `${ALNUM}_-`, 20, 40),
  simple('google_oauth_token', 'ya29.', `${ALNUM}_-`, 30, 1_000),
  simple('hugging_face_token', 'hf_ api_org_', ALNUM, 30, 60),
  simple('npm_token', 'npm_', ALNUM, 36, 36),
  simple('pypi_token', 'pypi-AgEIcHlwaS5vcmc', `${ALNUM}_-`, 40, 500),
  shaped('sendgrid_key', 'SG.', `[${ALNUM}_-]{16,32}\\.[${ALNUM}_-]{32,64}`, `${ALNUM}_.-`, 97),
  simple('twilio_key', 'SK', 'a-f0-9', 32, 32),
  simple('mailgun_key', 'key- pubkey-', 'a-f0-9', 32, 32),
  shaped('mailchimp_key', 'mandrill-', `[${ALNUM}_-]{22}`, `${ALNUM}_-`, 22),
  simple('shopify_token', 'shpat_ shpca_ shppa_ shpss_', 'a-fA-F0-9', 32, 32),
  simple('databricks_token', 'dapi', 'a-f0-9', 32, 32),
  simple('vault_token', 'hvs. hvb. hvr.', `${ALNUM}_-`, 24, 250),
  simple('terraform_token', 'atlasv1.', `${ALNUM}_=-`, 60, 70),
  simple('notion_token', 'ntn_ secret_', ALNUM, 43, 50),
  simple('linear_key', 'lin_api_ lin_oauth_', ALNUM, 32, 64),
  simple('figma_token', 'figd_ figu_', `${ALNUM}_-`, 36, 60),
  simple('grafana_token', 'glsa_ glc_', `${ALNUM}_+/=`, 32, 400),
  shaped('one_password_token', 'ops_eyJ', `[${ALNUM}+/=_-]{100,2000}`, `${ALNUM}+/=_-`, 2_000),
  simple('digitalocean_token', 'dop_v1_ doo_v1_ dor_v1_', 'a-f0-9', 64, 64),
  simple('docker_token', 'dckr_pat_ dckr_oat_', `${ALNUM}_-`, 27, 40),
  simple('doppler_token', 'dp.pt. dp.st.', `${ALNUM}.`, 40, 60),
  simple('postman_key', 'PMAK-', `${ALNUM}-`, 50, 64),
  simple('groq_key', 'gsk_', ALNUM, 48, 60),
  simple('xai_key', 'xai-', ALNUM, 70, 90),
  simple('perplexity_key', 'pplx-', ALNUM, 40, 64),
  simple('replicate_token', 'r8_', ALNUM, 37, 40),
  simple('new_relic_key', 'NRAK- NRJS- NRII-', `${ALNUM}_-`, 19, 40),
  simple('sentry_token', 'sntrys_ sntryu_', `${ALNUM}+/=_`, 40, 400),
  simple('planetscale_token', 'pscale_tkn_ pscale_pw_ pscale_oauth_', `${ALNUM}_.=-`, 32, 64),
  simple('supabase_key', 'sbp_ sb_secret_', `${ALNUM}_`, 31, 60),
  simple('age_key', 'AGE-SECRET-KEY-1', 'A-Z0-9', 58, 58),
  simple('keeptrusts_key', 'kt_live_ ktc_', ALNUM, 24, 64),
  shaped('telegram_token', 'bot', `[0-9]{8,10}:AA[${ALNUM}_-]{32,35}`, `${ALNUM}:_-`, 48),
  shaped(
    'jwt',
    'eyJ',
    `[${ALNUM}_-]{10,2000}\\.eyJ[${ALNUM}_-]{8,6000}\\.[${ALNUM}_-]{16,1400}`,
    `${ALNUM}_.-`,
    9_500,
  ),
  shaped(
    'url_password',
    'postgres:// postgresql:// mysql:// mariadb:// mongodb:// mongodb+srv:// redis:// rediss:// amqp:// amqps:// mssql:// ' +
      'sqlserver:// ftp:// sftp:// ssh:// smtp:// smtps:// ldap:// http:// https://',
    '[^\\s/:@"\'<>]{0,100}:[^\\s/:@"\'<>]{3,200}@[A-Za-z0-9.\\-\\[\\]:]{1,255}',
    '[^\\s/:@"\'<>]{0,100}(?::[^\\s/:@"\'<>]{0,200}(?:@[A-Za-z0-9.\\-\\[\\]:]{0,255})?)?',
  ),
  shaped(
    'azure_connection',
    'AccountKey= SharedAccessKey= AccessKey=',
    `[${ALNUM}+/]{40,100}={0,2}`,
    `${ALNUM}+/=`,
    102,
  ),
];
