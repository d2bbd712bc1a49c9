import { tokenRules } from './secret-rule.ts';

const UUID = 'h8 - h4 - h4 - h4 - h12';

/** Model providers, and the tools around them. */
export const AI_TOKENS = tokenRules({
  OpenAI: [
    ['openai_project_key', 'project key', 'sk-proj- sk-None-', 'u20-250'],
    ['openai_service_key', 'service account key', 'sk-svcacct-', 'u20-250'],
    ['openai_admin_key', 'admin key', 'sk-admin-', 'u20-250'],
    ['openai_key', 'key of a user, also of compatible providers', 'sk-', 'w32-250'],
  ],
  Anthropic: [
    ['anthropic_key', 'API key', 'sk-ant-api', 'd2 - u32-140'],
    ['anthropic_admin_key', 'admin key', 'sk-ant-admin', 'd2 - u80-140'],
    ['anthropic_oauth_token', 'OAuth or session token', 'sk-ant-oat sk-ant-ort sk-ant-sid', 'd2 - u32-140'],
  ],
  OpenRouter: [['openrouter_key', 'API key', 'sk-or-v1-', 'h64']],
  Google: [
    ['google_api_key', 'API key (Gemini, Maps, Firebase)', 'AIzaSy', 'u33'],
    ['google_bound_key', 'API key bound to a service account', 'AQ.Ab', 'u40-80'],
    ['google_oauth_secret', 'OAuth client secret', 'GOCSPX-', 'u28'],
    ['google_oauth_token', 'OAuth access token', 'ya29.', 'u30-1000'],
    ['google_refresh_token', 'OAuth refresh token', '1//0', 'u40-160'],
    ['recaptcha_secret', 'reCAPTCHA key', '6L', 'u6 AAAAA u27-28'],
  ],
  'Hugging Face': [
    ['hugging_face_token', 'user access token', 'hf_', 'w34', 'any'],
    ['hugging_face_org_token', 'organisation token', 'api_org_', 'w34', 'any'],
  ],
  Replicate: [['replicate_token', 'API token', 'r8_', 'w37-40']],
  Groq: [['groq_key', 'API key', 'gsk_', 'w52']],
  xAI: [['xai_key', 'API key', 'xai-', 'w70-90']],
  Perplexity: [['perplexity_key', 'API key', 'pplx-', 'w40-64']],
  'Together AI': [['together_key', 'API key', 'tgp_v1_', 'u40-48']],
  'Fireworks AI': [['fireworks_key', 'API key', 'fw_', 'w22-24', 'mixed']],
  NVIDIA: [['nvidia_key', 'NIM and NGC key', 'nvapi-', 'u60-70']],
  Cerebras: [['cerebras_key', 'API key', 'csk-', 'l48']],
  'Voyage AI': [['voyage_key', 'API key', 'pa-', 'u43', 'mixed']],
  'Jina AI': [['jina_key', 'API key', 'jina_', 'h32 u28']],
  ElevenLabs: [['elevenlabs_key', 'API key', 'sk_', 'h48']],
  Tavily: [['tavily_key', 'API key', 'tvly-', 'u32-48']],
  Firecrawl: [['firecrawl_key', 'API key', 'fc-', 'h32']],
  Pinecone: [['pinecone_key', 'API key', 'pcsk_', 'w5-7 _ w50-70']],
  LlamaIndex: [['llama_cloud_key', 'LlamaCloud key', 'llx-', 'w48']],
  LangChain: [['langsmith_key', 'LangSmith key', 'lsv2_pt_ lsv2_sk_', 'h32 _ h10']],
  Langfuse: [['langfuse_key', 'secret key', 'sk-lf-', UUID]],
  Helicone: [['helicone_key', 'API key', 'sk-helicone-', 'l7 - l7 - l7 - l7']],
  Modal: [['modal_token', 'token id or secret', 'ak- as-', 'w22', 'mixed']],
  RunPod: [['runpod_key', 'API key', 'rpa_', 'U40-60']],
  Anyscale: [['anyscale_key', 'API key', 'esecret_', 'l24-40']],
  Dify: [['dify_key', 'key of an app or a knowledge base', 'app- dataset-', 'w24', 'mixed']],
  Keeptrusts: [['keeptrusts_key', 'gateway key', 'kt_live_ ktc_', 'w24-64']],
});
