/** A regular expression over normal text; `hint` must occur for it to be tried. No nested or unbounded repetition. */
export interface SignRule {
  readonly id: string;
  readonly weight: number;
  readonly hints: readonly string[];
  readonly pattern: RegExp;
}

/** Attacks in Chinese, Japanese and Korean, where words do not stand apart. */
export const UNSPACED_RULES: readonly SignRule[] = [
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
    id: 'injection.persona.zh',
    weight: 0.8,
    hints: ['限制', '约束', '束缚', '道德', '越狱', '审查'],
    pattern:
      /(?:你现在是|现在你是|从现在开始|从现在起|扮演|假装|假设你)[^。！？\n]{0,40}(?:没有任何|没有|不受任何|不受|无|不遵守)[^。！？\n]{0,6}(?:限制|约束|束缚|道德|规定|审查)|(?:进入|开启|启用)[^。！？\n]{0,6}(?:越狱|开发者|无限制)模式/,
  },
  {
    id: 'injection.persona.ja',
    weight: 0.8,
    hints: ['制限', '制約', '検閲', '縛られ', '何でもでき', '脱獄'],
    pattern:
      /(?:今から|これから|あなたは|ふりを)[^。！？\n]{0,40}(?:制限のない|制限なし|制約のない|検閲のない|縛られない|何でもできる|脱獄)/,
  },
  {
    id: 'injection.persona.ko',
    weight: 0.8,
    hints: ['제한', '규칙', '검열', '탈옥'],
    pattern:
      /(?:이제|지금부터|너는|당신은)[^.!?\n]{0,30}(?:제한이 없는|제한 없는|규칙이 없는|규칙 없는|검열이 없는|검열 없는|탈옥)/,
  },
  {
    id: 'injection.leak.first',
    weight: 0.8,
    hints: ['最初', '一开始', '初始', '처음'],
    pattern:
      /(?:重复|输出|显示|告诉|打印|说出)[^。！？\n]{0,14}(?:最初|一开始|初始)[^。！？\n]{0,10}(?:指令|指示|提示|设定)|(?:最初に|初めに)[^。！？\n]{0,10}(?:指示|命令|プロンプト)[^。！？\n]{0,16}(?:表示|教え|出力|繰り返)|처음[^.!?\n]{0,10}(?:지시|명령|프롬프트)[^.!?\n]{0,12}(?:보여|알려|출력|반복)/,
  },
  {
    id: 'injection.exfiltrate.unspaced',
    weight: 0.6,
    hints: ['发送', '转发', '上传', '送信', '転送', '送って'],
    pattern:
      /(?:聊天记录|对话|密码|密钥|用户数据|系统提示)[^。！？\n]{0,16}(?:发送|转发|上传)[^。！？\n]{0,4}(?:到|给|至)|(?:会話|履歴|パスワード|鍵|個人情報)[^。！？\n]{0,20}(?:に|へ)[^。！？\n]{0,6}(?:送信|転送|送って)/,
  },
  {
    id: 'injection.neworders.unspaced',
    weight: 0.5,
    hints: ['新', '真正', '本当'],
    pattern:
      /(?:新的?(?:指令|任务|指示)|真正的(?:指令|任务)|新しい(?:指示|タスク|命令)|本当の(?:指示|タスク))[^\n]{0,2}[:：]/,
  },
];
