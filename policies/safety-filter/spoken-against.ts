import type { Span } from '#core/policy/policy.ts';
import { sentenceAround } from './sentence.ts';

/** Somebody quotes hate to speak against it, or denies it: counter speech, a report, a question about a word. */
export function isSpokenAgainst(text: string, hit: Span): boolean {
  const said = text.slice(hit.start, hit.end + AFTERTHOUGHT);
  return DENIAL.test(said) || CONDEMNATION.test(sentenceAround(text, hit)) || isMentioned(text, hit);
}

/** In quotation marks, in a sentence that says something about it and does not ask to have it written. */
function isMentioned(text: string, { start, end }: Span): boolean {
  const head = text.slice(Math.max(0, start - REACH), start);
  const before = head.slice(head.lastIndexOf('\n') + 1);
  const [quoted = '', after = ''] = text.slice(end, end + REACH).split(QUOTE, 2);
  const frame = before.slice(0, Math.max(0, before.search(LAST_QUOTE))) + (after.split('\n')[0] ?? '');
  const isInside = before.split(QUOTE).length % 2 === 0 && quoted.length < REACH;
  return isInside && !quoted.includes('\n') && OWN_WORDS.test(frame) && !ASKED_FOR.test(frame);
}

/** Code units before and after a hit in which the quotation marks stand. */
const REACH = 200;
const QUOTE = /["“”„«»]/;
const LAST_QUOTE = /["“”„«»][^"“”„«»]*$/;
/** Three of them. */
const OWN_WORDS = /\p{L}{2,}\P{L}+\p{L}{2,}\P{L}+\p{L}{2,}/u;
const ASKED_FOR =
  /\b(?:write|post|tweet|repeat|print|translate|create|make|generate|draw|put|add|send|shout|spread|share|design|continue|complete|i (?:say|think|believe|agree)|as i|true|right|so right)\b/;

/** `not`, but in what only sounds like a denial ("they are not human"). */
const DENIAL =
  /\b(?:do|does|did|are|is) not (?!just|only|our|human|fully)|should (?:not|never) be (?:killed|hurt|tortured|called)|opposite of| (?:nicht|niet|pas)\b/;
/** "Ich hasse sie nicht": some languages deny last. */
const AFTERTHOUGHT = 6;
const CONDEMNATION =
  /dehumani[sz]ing|hurtful|misguided|unacceptable|disgraceful|bigot|get you banned|thing to say|(?:saying|statements?|stuff|things|comments?|posts?|threats) (?:that|like|such as)|(?:anybody|anyone|people|those|politicians?) (?:who|that) (?:say|claim|think|believe|treat|hate|call|tell)|people saying|call out|you're telling|writing that|(?:has|have|needs?) to stop|must(?: not|n't) get away|never (?:tolerate|support|accept)|not (?:tolerate|accept)|can't seriously|your (?:obvious |open )?(?:contempt|hatred)|(?:open|obvious) (?:contempt|hatred) for|(?:no puedes|nao se pode|non puoi) (?:creer|acreditar|credere)|nunca (?:dije|disse|deberiamos)|habe nie|non ho mai|n'ai jamais|insist(?:iendo|indo|ere|ent|ing)|volhouden/;
