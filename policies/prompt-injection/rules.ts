import type { WordRule } from '#core/text/word-lexicon.ts';

/** Rule ids are families: `injection.<family>[.<variant>]`. The strongest variant of each family counts. */
export const WORD_RULES: readonly WordRule[] = [
  {
    id: 'injection.override.prior',
    weight: 1,
    slots: ['forget', 'prior', 'orders'],
    within: 9,
    unless: 'not',
  },
  {
    id: 'injection.override.all',
    weight: 0.7,
    slots: ['forget', 'every', 'orders'],
    within: 6,
    ordered: true,
    unless: 'not',
  },
  {
    id: 'injection.override.told',
    weight: 0.8,
    slots: ['forget', 'everything', 'told'],
    within: 8,
    ordered: true,
    unless: 'not',
  },
  {
    id: 'injection.leak.prompt',
    weight: 0.8,
    slots: ['reveal', 'systemPrompt'],
    within: 8,
    ordered: true,
    unless: 'not',
  },
  {
    id: 'injection.leak.asked',
    weight: 0.8,
    slots: ['ask', 'yourPrompt'],
    within: 8,
    ordered: true,
    unless: 'not',
  },
  { id: 'injection.leak.above', weight: 0.5, slots: ['ask', 'systemPrompt'], within: 8, ordered: true },
  { id: 'injection.leak.asks', weight: 0.5, slots: ['ask', 'yourOrders'], within: 6, ordered: true },
  {
    id: 'injection.leak.orders',
    weight: 0.5,
    slots: ['reveal', 'yourOrders'],
    within: 6,
    ordered: true,
    unless: 'not',
  },
  {
    id: 'injection.leak.secret',
    weight: 0.5,
    slots: ['reveal', 'secret'],
    within: 4,
    ordered: true,
    unless: 'not',
  },
  { id: 'injection.persona.free', weight: 0.8, slots: ['become', 'free'], within: 24, acrossSentences: true },
  { id: 'injection.persona.name', weight: 0.8, slots: ['strongFree'] },
  { id: 'injection.comply.never', weight: 0.4, slots: ['neverRefuse'] },
  {
    id: 'injection.comply.always',
    weight: 0.7,
    slots: ['become', 'neverRefuse'],
    within: 40,
    acrossSentences: true,
  },
  { id: 'injection.neworders', weight: 0.4, slots: ['newOrders'] },
  {
    id: 'injection.neworders.replace',
    weight: 0.8,
    slots: ['forget', 'newOrders'],
    within: 24,
    acrossSentences: true,
  },
  { id: 'injection.neworders.now', weight: 0.6, slots: ['newOrders', 'now'], within: 6 },
  { id: 'injection.secrecy', weight: 0.6, slots: ['secretly'] },
  { id: 'injection.exfiltrate', weight: 0.6, slots: ['act', 'data', 'target'], within: 14 },
  { id: 'injection.addressed', weight: 0.6, slots: ['aiAddressed'] },
];

/** A regular expression over normal text; `hint` must occur for it to be tried. No nested or unbounded repetition. */
export interface SignRule {
  readonly id: string;
  readonly weight: number;
  readonly hints: readonly string[];
  readonly pattern: RegExp;
}

/** Marks of a forged conversation, of hidden instructions, and languages written without spaces. */
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
      /!\[[^\]\n]{0,80}\]\(https?:\/\/[^)\s]{1,200}[?&/=](?:[^)\s]{0,60})(?:\{|\$|%7b|<|\[)[^)\n]{0,80}\)/,
  },
  {
    id: 'injection.glued',
    weight: 0.9,
    hints: ['ignore', 'disregard', 'systemprompt', 'forget'],
    pattern:
      /(?:ignore|disregard|forget)(?:all|any|the|your|every){0,3}(?:previous|prior|above|earlier|preceding)?(?:instructions|prompts|rules|directions|guidelines)|reveal(?:the|your){0,2}systemprompt/,
  },
  {
    id: 'injection.override.zh',
    weight: 1,
    hints: ['忽略', '无视', '忘记', '忘掉', '不要理会', '忽視', '無視'],
    pattern:
      /(?:忽略|无视|忘记|忘掉|不要理会|忽視|無視)[^。！？\n]{0,16}(?:之前|以上|先前|前面|上述|所有|全部)[^。！？\n]{0,12}(?:指令|指示|提示|规则|規則|命令|要求|设定|内容)/,
  },
  {
    id: 'injection.override.ja',
    weight: 1,
    hints: ['無視', '忘れ'],
    pattern:
      /(?:これまで|以前|上記|前|全て|すべて)[^。！？\n]{0,16}(?:指示|命令|ルール|プロンプト|指令)[^。！？\n]{0,10}(?:無視|忘れ)/,
  },
  {
    id: 'injection.override.ko',
    weight: 1,
    hints: ['무시', '잊어'],
    pattern:
      /(?:이전|위의|앞의|모든|지금까지)[^.!?\n]{0,16}(?:지시|명령|규칙|프롬프트|지침)[^.!?\n]{0,10}(?:무시|잊어)/,
  },
  {
    id: 'injection.leak.cjk',
    weight: 0.8,
    hints: ['提示词', '系统提示', 'システムプロンプト', '시스템 프롬프트'],
    pattern:
      /(?:输出|显示|告诉|重复|打印|泄露|给我)[^。！？\n]{0,12}(?:系统提示|提示词)|システムプロンプト[^。！？\n]{0,10}(?:表示|教え|出力|見せ)|시스템 프롬프트[^.!?\n]{0,10}(?:보여|알려|출력)/,
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
