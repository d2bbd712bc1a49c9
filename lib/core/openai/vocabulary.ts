/**
 * The reviewed exemption table of the leaf walker: strings that belong to the wire and not to a person. A string is
 * exempt only where its path matches AND its value has the shape; any other value in the same place is scanned.
 */

/** Object keys of the wire; any other key is scanned as text that cannot be edited. */
export const WIRE_KEYS: ReadonlySet<string> = new Set(
  `model messages role content type text image_url url detail input_audio data format file file_data filename file_id
  video_url audio_url name tool_calls tool_call_id function function_call functions arguments id index tools tool_choice
  parameters description strict properties required items enum additionalProperties $ref $defs definitions anyOf oneOf
  allOf not const default title format pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength
  maxLength minItems maxItems uniqueItems minProperties maxProperties examples nullable response_format json_schema
  schema stream stream_options include_usage temperature top_p top_k min_p n max_tokens max_completion_tokens stop
  presence_penalty frequency_penalty repetition_penalty logit_bias logprobs top_logprobs user seed parallel_tool_calls
  reasoning_effort reasoning reasoning_content reasoning_format thinking enable_thinking chat_template_kwargs effort
  budget_tokens modalities audio voice prediction metadata store service_tier verbosity web_search web_search_options
  search_context_size user_location approximate refusal safety_identifier prompt_cache_key cache_control input prompt
  dify_app_id dify_source encoding_format dimensions query documents top_n return_documents max_chunks_per_doc truncate
  suffix echo best_of`.split(/\s+/),
);

export interface Exemption {
  /** Path with `*` for any index or key. */
  readonly path: string;
  readonly shape: RegExp;
}

const WORD = /^[a-z0-9_.-]{1,32}$/;
const IDENTIFIER = /^[A-Za-z0-9_-]{1,64}$/;
/** Ids with an issuer's prefix, and ids too short for a card number or a key. Secrets have the same alphabet: any other is scanned. */
const CALL_ID = /^((call_|chatcmpl-tool-|toolu_|fc_)[A-Za-z0-9_-]{1,40}|[A-Za-z0-9_-]{1,11})$/;

export const EXEMPT: readonly Exemption[] = [
  // Checked against the list of allowed models before anything is forwarded.
  { path: 'model', shape: /^.{1,256}$/s },
  { path: 'messages.*.role', shape: /^(system|developer|user|assistant|tool|function)$/ },
  { path: 'messages.*.content.*.type', shape: WORD },
  { path: 'messages.*.content.*.image_url.detail', shape: /^(auto|low|high|original)$/ },
  { path: 'messages.*.content.*.input_audio.format', shape: WORD },
  { path: 'messages.*.tool_calls.*.type', shape: WORD },
  { path: 'messages.*.tool_calls.*.id', shape: CALL_ID },
  { path: 'messages.*.tool_call_id', shape: CALL_ID },
  { path: 'tools.*.type', shape: WORD },
  { path: 'tool_choice', shape: /^(none|auto|required)$/ },
  { path: 'tool_choice.type', shape: WORD },
  { path: 'response_format.type', shape: WORD },
  { path: 'reasoning_effort', shape: WORD },
  { path: 'reasoning_format', shape: WORD },
  { path: 'thinking.type', shape: WORD },
  { path: 'service_tier', shape: WORD },
  { path: 'verbosity', shape: WORD },
  { path: 'modalities.*', shape: WORD },
  // Attribution for the gateway only: taken out before anything is forwarded.
  { path: 'metadata.dify_app_id', shape: IDENTIFIER },
  { path: 'metadata.dify_source', shape: WORD },
];

/** Part types no policy can read; their declared decision is the pack's `unscanned_parts`. */
export const UNREADABLE_PARTS: ReadonlySet<string> = new Set([
  'image_url',
  'input_audio',
  'audio_url',
  'video_url',
  'file',
]);

/** Where such parts may stand: content of messages, multimodal input of moderations, documents of rerank. Elsewhere they are text. */
export const PART_PLACES: readonly string[] = ['messages.*.content.*', 'input.*', 'documents.*.content.*'];
