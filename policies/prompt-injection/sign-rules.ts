import type { SignRule } from './unspaced-rules.ts';

/** Marks of a forged conversation and of hidden instructions. */
export const SIGN_RULES: readonly SignRule[] = [
  {
    id: 'injection.boundary.token',
    weight: 0.9,
    hints: ['<|', '<<sys', '[/inst', '[inst'],
    pattern:
      /<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|eot_id|end_of_turn)\|>|<<\/?sys>>|\[\/?inst\]/,
  },
  {
    id: 'injection.boundary.tag',
    weight: 0.6,
    hints: ['system', 'admin', 'developer', 'instructions'],
    pattern:
      /(?:^|\n)[ \t]{0,8}(?:#{1,4} ?|\*\*|\[|<\/?)(?:system|admin|developer|new instructions?|important instructions?)(?: (?:message|prompt|note|override|instructions?|update))?[ :\]>*]{1,4}/,
  },
  {
    id: 'injection.boundary.end',
    weight: 0.6,
    hints: ['end of', 'begin ', 'start of', 'ende '],
    pattern:
      /(?:-{2,8}|={2,8}|\*{2,8}|#{2,8}|\[|<) {0,2}(?:end of|begin|start of|end) (?:the )?(?:user|system|document|context|prompt|input|conversation|data|text)(?: (?:input|prompt|instructions?|query|message))?/,
  },
  {
    id: 'injection.boundary.turn',
    weight: 0.5,
    hints: ['\nsystem:', '\nassistant:', '\nuser:', '\nhuman:'],
    pattern: /\n {0,4}(?:system|assistant|human|user) {0,2}: {0,4}\S/,
  },
  {
    id: 'injection.exfiltrate.image',
    weight: 0.9,
    hints: ['!['],
    pattern:
      /!\[[^\]\n]{0,80}\]\(https?:\/\/(?=[^)\n]{3,344}\))[^)\s]{1,200}[?&/=](?:[^)\s]{0,60})(?:\{|\$|%7b|<|\[)[^)\n]{0,80}\)/,
  },
  {
    id: 'injection.glued',
    weight: 0.9,
    hints: ['ignore', 'disregard', 'systemprompt', 'forget'],
    pattern:
      /(?:ignore|disregard|forget)(?:all|any|the|your|every){0,3}(?:previous|prior|above|earlier|preceding)?(?:instructions|prompts|rules|directions|guidelines)|reveal(?:the|your){0,2}systemprompt/,
  },
  {
    id: 'injection.carrier',
    weight: 0.5,
    hints: ['base64', 'rot13', 'hex', 'decode', 'encoded'],
    pattern:
      /(?:decode|decrypt|translate|convert)[^.!?\n]{0,50}(?:and|then)[^.!?\n]{0,20}(?:follow|execute|obey|do|answer|comply|respond|act)/,
  },
  {
    id: 'injection.prefix',
    weight: 0.5,
    hints: ['sure', 'absolutely', 'of course'],
    pattern:
      /(?:start|begin|prefix|open)[^.!?\n]{0,40}(?:with|by)[^.!?\n]{0,20}["'](?:sure|absolutely|of course|certainly|yes)[ ,!]/,
  },
];
