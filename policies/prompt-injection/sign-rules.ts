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
  {
    // Hindi, Bengali and Thai: their vowel signs break words apart.
    id: 'injection.override.script',
    weight: 1,
    hints: ['निर्देश', 'নির্দেশ', 'คำสั่ง', 'คําสั่ง'],
    pattern:
      /(?:पिछले|पूर्व|उपरोक्त|पहले|सभी)[^।.!?\n]{0,20}निर्देश[^।.!?\n]{0,16}(?:अनदेखा|नजरअंदाज|नज़रअंदाज़|उपेक्षा|भूल)|(?:পূর্ববর্তী|আগের|উপরের|সমস্ত|সব)[^।.!?\n]{0,20}নির্দেশ[^।.!?\n]{0,16}(?:উপেক্ষা|অগ্রাহ্য|ভুলে)|(?:ละเว้น|เพิกเฉย|ไม่ต้องสนใจ|ลืม)[^\n]{0,20}(?:คำสั่ง|คําสั่ง)[^\n]{0,16}(?:ก่อนหน้า|ข้างต้น|ทั้งหมด)?/,
  },
  {
    id: 'injection.leak.own.unspaced',
    weight: 0.8,
    hints: ['密码', 'パスワード', '비밀번호'],
    pattern:
      /(?:告诉我|说出|分享|透露|提供)[^。！？\n]{0,8}(?:你的|您的|系统)[^。！？\n]{0,4}密码|(?:あなた|君|システム)の[^。！？\n]{0,6}パスワード[^。！？\n]{0,8}(?:教え|共有|言って|表示)|(?:당신|너|네|시스템)의?[^.!?\n]{0,4} ?비밀번호[^.!?\n]{0,10}(?:알려|공유|말해|보여)/,
  },
];
