/** Languages an answer can be told to be in. */
export const LANGUAGES = [
  'ar',
  'cs',
  'da',
  'de',
  'el',
  'en',
  'es',
  'fr',
  'he',
  'hi',
  'it',
  'ja',
  'ko',
  'nl',
  'pl',
  'pt',
  'ru',
  'sv',
  'th',
  'tr',
  'uk',
  'zh',
] as const;
export type Language = (typeof LANGUAGES)[number];

/** Enough to tell; more of the same says nothing new. */
const MAX_CHARS = 20_000;
/** Words of a language that must be seen before it is believed, and their lead over the next one. */
const MIN_WORDS = 3;
const LEAD = 1.3;

const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/[\u3040-\u30ff]/g, 'ja'],
  [/[\uac00-\ud7a3]/g, 'ko'],
  [/[\u3400-\u9fff]/g, 'zh'],
  [/[\u0400-\u04ff]/g, 'cyrillic'],
  [/[\u0600-\u06ff]/g, 'ar'],
  [/[\u0590-\u05ff]/g, 'he'],
  [/[\u0900-\u097f]/g, 'hi'],
  [/[\u0e00-\u0e7f]/g, 'th'],
  [/[\u0370-\u03ff]/g, 'el'],
  [/[A-Za-z\u00c0-\u024f]/g, 'latin'],
];

/** Small words that most sentences hold, without those that neighbouring languages share. */
const SMALL_WORDS: Readonly<Partial<Record<Language, string>>> = {
  cs: 'je se že jsou jako nebo ale pro který která které není být při také můžete jeho tak',
  da: 'og det er ikke jeg hvad som af med til på den der kan blev også hvis eller dette efter',
  de: 'der die das und ist nicht ein eine mit auf für von zu dem den sich auch werden wird oder sie ich sind im',
  en: 'the and is of to in that it for with you this are be on as or not can your from have if will',
  es: 'el la los las que de y en un una es por con para no se del como más su pero este puede',
  fr: 'le la les des et est un une que dans pour pas qui sur avec vous du ce ne il au plus sont être ou',
  it: 'il che di e la per un una non sono con del della è le si come più anche gli alla questo nel dei',
  nl: 'de het een en van is dat niet op te zijn voor met die aan er ook maar als bij kunt je wordt deze',
  pl: 'i w nie na to się z że jest do jak są dla lub przez może oraz jego który która by od także',
  pt: 'o a os que de e do da em um uma para com não é por mais dos como mas ao você pode são ou',
  sv: 'och det är inte att som en på av för med den till jag har kan om ett eller detta också från vid',
  tr: 've bir bu için ile de da olarak daha çok değil gibi olan var ne kadar ise veya sonra ya her',
};

const languagesOf = new Map<string, Language[]>();
for (const [language, words] of Object.entries(SMALL_WORDS)) {
  for (const word of words.split(' ')) {
    languagesOf.set(word, [...(languagesOf.get(word) ?? []), language as Language]);
  }
}

/** The language most of a text is in; undefined when it is too short or too mixed to tell. Code and numbers do not count. */
export function languageOf(text: string): Language | undefined {
  const sample = text.slice(0, MAX_CHARS).replace(/```[^`]*(?:```|$)/g, ' ');
  const counts = SCRIPTS.map(([letters, script]) => ({ script, count: sample.match(letters)?.length ?? 0 }));
  const of = (script: string) => counts.find((one) => one.script === script)?.count ?? 0;
  // A letter of Chinese or Japanese is a word, one of Latin script is a fifth of one.
  const weigh = ({ script, count }: { script: string; count: number }) =>
    script === 'latin' || script === 'cyrillic' ? count / 5 : count;
  const top = counts.reduce((a, b) => (weigh(b) > weigh(a) ? b : a));
  if (weigh(top) < 2) return undefined;
  if (top.script === 'latin') return byWords(sample);
  if (top.script === 'cyrillic') return /[іїєґ]/i.test(sample) ? 'uk' : 'ru';
  if (top.script === 'zh' && of('ja') * 10 > of('zh')) return 'ja';
  return top.script as Language;
}

function byWords(text: string): Language | undefined {
  const votes = new Map<Language, number>();
  for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
    const languages = languagesOf.get(word) ?? [];
    for (const language of languages)
      votes.set(language, (votes.get(language) ?? 0) + 1 / Math.sqrt(languages.length));
  }
  const [best, next] = [...votes].sort(([, a], [, b]) => b - a);
  if (!best || best[1] < MIN_WORDS || best[1] < LEAD * (next?.[1] ?? 0)) return undefined;
  return best[0];
}
