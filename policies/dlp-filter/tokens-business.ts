import { tokenRules } from './secret-rule.ts';

const UUID = 'h8 - h4 - h4 - h4 - h12';

/** Payments, messages, offices and shops. */
export const BUSINESS_TOKENS = tokenRules({
  Stripe: [
    ['stripe_key', 'secret key', 'sk_live_ sk_test_ sk_prod_', 'w16-250'],
    ['stripe_restricted_key', 'restricted key', 'rk_live_ rk_test_ rk_prod_', 'w16-250'],
    ['stripe_webhook_secret', 'webhook signing secret', 'whsec_', 'c24-80'],
  ],
  Square: [
    ['square_token', 'access token', 'sq0atp-', 'u22'],
    ['square_secret', 'OAuth secret', 'sq0csp-', 'u43'],
    ['square_oauth_token', 'OAuth access token', 'EAAA', 'u60'],
  ],
  Shopify: [
    ['shopify_token', 'access token', 'shpat_', 'w32-36'],
    ['shopify_app_token', 'token of a custom or private app', 'shpca_ shppa_', 'w32-40'],
    ['shopify_secret', 'shared secret of an app', 'shpss_', 'w32-36'],
  ],
  Braintree: [
    ['braintree_token', 'access token', 'access_token$production$ access_token$sandbox$', 'l16 $ h32'],
  ],
  Flutterwave: [['flutterwave_key', 'secret or encryption key', 'FLWSECK- FLWSECK_TEST-', 'h12-32']],
  Plaid: [['plaid_token', 'access token', 'access-production- access-sandbox- access-development-', UUID]],
  Razorpay: [['razorpay_key', 'key id', 'rzp_live_ rzp_test_', 'w14', 'mixed']],
  Paddle: [['paddle_key', 'API key', 'pdl_live_apikey_ pdl_sdbx_apikey_', 'l26 _ w22 _ w3']],
  Xendit: [['xendit_key', 'secret key', 'xnd_production_ xnd_development_', 'w40-70']],
  'Mercado Pago': [['mercadopago_token', 'access token', 'APP_USR-', 'd12-20 - d6 - h32 - d6-12']],
  EasyPost: [['easypost_key', 'API key', 'EZAK EZTK', 'w54']],
  Shippo: [['shippo_token', 'API token', 'shippo_live_ shippo_test_', 'h40']],
  Duffel: [['duffel_token', 'access token', 'duffel_live_ duffel_test_', 'u43']],
  Slack: [
    ['slack_bot_token', 'bot token', 'xoxb-', 'd8-14 - u18-80'],
    ['slack_user_token', 'user token', 'xoxp-', 'd8-14 - d8-14 - d8-14 - l20-80'],
    [
      'slack_workspace_token',
      'workspace, legacy or session token',
      'xoxa- xoxr- xoxs- xoxc-',
      'd1-14 - u10-120',
    ],
    ['slack_cookie', 'session cookie', 'xoxd-', 'p40-300'],
    ['slack_export_token', 'export or refresh token', 'xoxe-', 'd1-14 - u20-250'],
    ['slack_config_token', 'configuration token', 'xoxe.xoxp- xoxe.xoxb-', 'd1 - w100-250'],
    ['slack_app_token', 'app-level token', 'xapp-', 'd1 - U8-14 - d10-14 - l24-80'],
    ['slack_webhook', 'incoming webhook', 'hooks.slack.com/services/', 'U6-14 / U6-14 / w16-32', 'any'],
    [
      'slack_workflow',
      'workflow webhook',
      'hooks.slack.com/workflows/ hooks.slack.com/triggers/',
      'U6-14 / w6-24 / W6-24 / w16-40',
      'any',
    ],
  ],
  Discord: [
    [
      'discord_webhook',
      'webhook',
      'discord.com/api/webhooks/ discordapp.com/api/webhooks/',
      'd16-20 / u60-72',
    ],
  ],
  Microsoft: [
    [
      'teams_webhook',
      'Teams incoming webhook',
      'webhook.office.com/webhookb2/',
      `${UUID} @ ${UUID} /IncomingWebhook/ h32`,
    ],
  ],
  Zapier: [['zapier_webhook', 'webhook', 'hooks.zapier.com/hooks/catch/', 'd4-10 / w6-10']],
  Twilio: [['twilio_key', 'API key', 'SK', 'h32']],
  SendGrid: [['sendgrid_key', 'API key', 'SG.', 'u16-32 . u32-64']],
  Mailgun: [
    ['mailgun_key', 'private API key', 'key-', 'h32'],
    ['mailgun_validation_key', 'validation key', 'pubkey-', 'h32'],
  ],
  Mandrill: [['mandrill_key', 'API key', 'md-', 'u22', 'mixed']],
  Brevo: [['brevo_key', 'API or SMTP key', 'xkeysib- xsmtpsib-', 'h64 - w16']],
  Resend: [['resend_key', 'API key', 're_', 'w8 _ w24']],
  MailerSend: [['mailersend_token', 'API token', 'mlsn.', 'h64']],
  HubSpot: [['hubspot_token', 'private app token', 'pat-na1- pat-na2- pat-eu1-', UUID]],
  Intercom: [['intercom_token', 'access token', 'dG9rO', 'b54-80 e0-2']],
  Typeform: [['typeform_token', 'personal access token', 'tfp_', 'D40-60']],
  Airtable: [['airtable_token', 'personal access token', 'pat', 'w14 . h64']],
  Notion: [
    ['notion_token', 'integration token', 'ntn_', 'd11 w35'],
    ['notion_legacy_token', 'integration token of older integrations', 'secret_', 'w43', 'mixed'],
  ],
  Linear: [
    ['linear_key', 'API key', 'lin_api_', 'w32-64'],
    ['linear_oauth_token', 'OAuth token', 'lin_oauth_', 'h64'],
  ],
  Figma: [['figma_token', 'personal access token', 'figd_ figu_ figoh_', 'u36-60']],
  'Frame.io': [['frameio_token', 'developer token', 'fio-u-', 'u64']],
  Dropbox: [['dropbox_token', 'short-lived access token', 'sl.', 'u120-1300']],
  Contentful: [['contentful_token', 'personal access token', 'CFPAT-', 'u43']],
  ClickUp: [['clickup_token', 'API token', 'pk_', 'd6-10 _ U32']],
  'Cal.com': [['cal_key', 'API key', 'cal_live_', 'h32']],
  Asana: [['asana_token', 'personal access token', '1/ 2/', 'd14-17 : h32']],
  Salesforce: [['salesforce_token', 'session id', '00D', 'w12 ! D80-120']],
  Mapbox: [['mapbox_token', 'secret token', 'sk.eyJ', 'u60-200 . u20-24']],
  Meta: [
    ['facebook_token', 'access token', 'EAA', 'w100-400'],
    ['instagram_token', 'access token', 'IGQV IGAA', 'u80-300'],
  ],
  X: [['x_bearer_token', 'bearer token', 'AAAAAAAAAAAAAAAAAAAAA', 'p60-140']],
  Twitch: [['twitch_token', 'chat token', 'oauth:', 'l30']],
  Pinterest: [['pinterest_token', 'access token', 'pina_', 'U50-80']],
  'Adafruit IO': [['adafruit_key', 'API key', 'aio_', 'w28']],
  SettleMint: [
    ['settlemint_token', 'application, personal or service token', 'sm_aat_ sm_pat_ sm_sat_', 'w16', 'mixed'],
  ],
});
