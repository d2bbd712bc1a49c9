import { tokenRules } from './secret-rule.ts';

const UUID = 'h8 - h4 - h4 - h4 - h12';

/** Clouds, platforms, databases and infrastructure. */
export const CLOUD_TOKENS = tokenRules({
  AWS: [
    ['aws_access_key', 'access key id', 'AKIA ABIA ACCA', 'U16', 'any'],
    ['aws_temporary_key', 'access key id of temporary credentials', 'ASIA', 'U16', 'any'],
    ['aws_session_token', 'session token', 'IQoJb3JpZ2lu FwoGZXIvYXdz FQoGZXIvYXdz', 'b100-3000 e0-2'],
    ['aws_bedrock_key', 'Bedrock API key', 'ABSKQmVkcm9ja0FQSUtleS', 'c80-300'],
    [
      'aws_bedrock_token',
      'short-lived Bedrock API key',
      'bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29',
      'c1-4000',
      'any',
    ],
    ['aws_mws_token', 'Marketplace Web Service token', 'amzn.mws.', UUID],
    ['amazon_oauth_secret', 'Login with Amazon client secret', 'amzn1.oa2-cs.v1.', 'h64'],
  ],
  'Microsoft Azure': [
    [
      'azure_connection',
      'key in a connection string',
      'AccountKey= SharedAccessKey= AccessKey=',
      'b40-100 e0-2',
    ],
    ['azure_sas_signature', 'signature of a shared access URL', 'sig=', 'p40-80 %3D'],
  ],
  'Alibaba Cloud': [['alibaba_key', 'access key id', 'LTAI', 'w12-20', 'mixed']],
  'Tencent Cloud': [['tencent_key', 'secret id', 'AKID', 'w32', 'mixed']],
  'Yandex Cloud': [
    ['yandex_api_key', 'API key', 'AQVN', 'u35-38'],
    ['yandex_access_key', 'static access key', 'YCAJE YCAJ YCM YCN', 'u30-36'],
    ['yandex_iam_token', 'IAM token', 't1.', 'u80-300 . u86'],
  ],
  DigitalOcean: [
    ['digitalocean_token', 'personal access token', 'dop_v1_', 'h64'],
    ['digitalocean_oauth_token', 'OAuth token', 'doo_v1_', 'h64'],
    ['digitalocean_refresh_token', 'refresh token', 'dor_v1_', 'h64'],
  ],
  Cloudflare: [
    ['cloudflare_token', 'API token', 'cfat_ cfut_ cfk_', 'w40 h8'],
    ['cloudflare_origin_key', 'Origin CA key', 'v1.0-', 'h24 - h146'],
  ],
  Heroku: [['heroku_key', 'API key', 'HRKU-', 'u36-66']],
  'Fly.io': [
    ['fly_macaroon', 'macaroon token', 'fm1r_ fm1a_ fm2_', 'b80-4000 e0-2'],
    ['fly_token', 'access token', 'fo1_', 'u43'],
  ],
  Render: [['render_key', 'API key', 'rnd_', 'w28-40']],
  Vercel: [
    ['vercel_token', 'personal access token', 'vcp_', 'w24-60'],
    ['vercel_app_token', 'token of an app or integration', 'vci_ vca_ vcr_', 'w24-60'],
    ['vercel_ai_key', 'AI Gateway key', 'vck_', 'w24-60'],
  ],
  Netlify: [['netlify_token', 'access token', 'nfp_', 'w36-40']],
  Supabase: [
    ['supabase_token', 'access token', 'sbp_', 'h40'],
    ['supabase_key', 'secret key', 'sb_secret_', 'u31-60'],
  ],
  Neon: [['neon_key', 'API key', 'napi_', 'l64']],
  PlanetScale: [
    ['planetscale_token', 'service token', 'pscale_tkn_', 'z32-64'],
    ['planetscale_password', 'database password', 'pscale_pw_', 'z32-64'],
    ['planetscale_oauth_token', 'OAuth token', 'pscale_oauth_', 'z32-64'],
  ],
  Databricks: [['databricks_token', 'personal access token', 'dapi dkea', 'h32']],
  Confluent: [['confluent_key', 'Cloud API secret', 'cflt', 'b60']],
  Aiven: [['aiven_password', 'service password', 'AVNS_', 'u19']],
  ClickHouse: [['clickhouse_key', 'Cloud API secret', '4b1d', 'w38', 'mixed']],
  Pulumi: [['pulumi_token', 'access token', 'pul-', 'h40']],
  HashiCorp: [
    ['terraform_token', 'Terraform Cloud token', 'atlasv1.', 'c60-70'],
    ['vault_token', 'Vault service token', 'hvs.', 'u24-250'],
    ['vault_batch_token', 'Vault batch or recovery token', 'hvb. hvr.', 'u24-300'],
  ],
  Doppler: [
    ['doppler_token', 'personal or CLI token', 'dp.pt. dp.ct.', 'w40-44'],
    ['doppler_service_token', 'service token', 'dp.sa. dp.scim. dp.audit. dp.st.', 'D40-80'],
  ],
  'Red Hat': [['openshift_token', 'OpenShift user token', 'sha256~', 'u43']],
  Tailscale: [
    ['tailscale_key', 'API or auth key', 'tskey-api- tskey-auth-', 'w10-24 - w20-40', 'any'],
    [
      'tailscale_client_secret',
      'OAuth client, SCIM or webhook key',
      'tskey-client- tskey-scim- tskey-webhook-',
      'w10-24 - w20-40',
      'any',
    ],
  ],
  'Defined Networking': [['defined_key', 'API token', 'dnkey-', 'l26 - l52']],
  Scalingo: [['scalingo_token', 'API token', 'tk-us-', 'u48']],
  Dynatrace: [
    ['dynatrace_token', 'API token', 'dt0c01.', 'U24 . U64'],
    ['dynatrace_oauth_secret', 'OAuth client secret', 'dt0s01. dt0s02. dt0s04. dt0s16.', 'U8-24 . U64'],
  ],
  'New Relic': [
    ['new_relic_key', 'user key', 'NRAK-', 'U27'],
    ['new_relic_insights_key', 'insert or query key', 'NRII- NRIQ-', 'u32'],
    ['new_relic_browser_key', 'browser key', 'NRJS-', 'h19'],
  ],
  'Grafana Labs': [
    ['grafana_token', 'service account token', 'glsa_', 'w32 _ H8'],
    ['grafana_cloud_token', 'Cloud token', 'glc_eyJ', 'b29-400 e0-2', 'any'],
    ['grafana_legacy_key', 'API key of older versions', 'eyJrIjoi', 'b60-400 e0-2'],
  ],
  Sentry: [
    ['sentry_token', 'organisation token', 'sntrys_eyJ', 'b40-400 e0-2 _ b40-60'],
    ['sentry_user_token', 'user token', 'sntryu_', 'h64'],
  ],
  Honeycomb: [['honeycomb_key', 'ingest or management key', 'hcaik_ hcxik_ hcamk_ hcxmk_', 'l30-64']],
  PostHog: [['posthog_key', 'personal API key', 'phx_ phs_', 'w40-60']],
  PuTTY: [['putty_key', 'private lines of a key file', 'Private-Lines:', 's1-2 d1-3 n1-2 B60-6000']],
  age: [['age_key', 'private key', 'AGE-SECRET-KEY-1', 'U58', 'any']],
});
