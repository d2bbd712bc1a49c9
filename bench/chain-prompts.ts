import type { JsonObject } from '#core/json.ts';

const FIRST = ['Maria', 'Jonas', 'Ayşe', 'Li', 'Priya', 'Ola'];
const STREETS = ['Lindenweg', 'Rue du Port', 'Harbour Road', 'Calle Mayor'];

/** Lines as a service writes them: identifiers, times, numbers that look like something and are nothing. */
export const JSON_LOG = Array.from({ length: 400 }, (_, index) =>
  JSON.stringify({
    time: new Date(1_790_000_000_000 + index * 61_337).toISOString(),
    level: index % 9 === 0 ? 'warn' : 'info',
    trace: hex(index, 32),
    order: `2026-${String(100_000 + index * 37)}`,
    ms: index * 7.25,
    path: `/v1/orders/${hex(index * 31, 8)}/items?page=${index % 12}`,
    message: index % 5 === 0 ? 'retrying the queue after a timeout' : 'order accepted',
  }),
).join('\n');

/** Letters of customers with addresses, phone numbers, e-mail addresses and accounts: all invented. */
export const LETTER = Array.from({ length: 120 }, (_, index) => {
  const name = FIRST[index % FIRST.length] ?? '';
  return (
    `Dear team,\n\nmy name is ${name} and I live at ${STREETS[index % STREETS.length]} ${index + 3}. Since last week my ` +
    'account shows two bookings that I never made. Could somebody please look into this and tell me what happened? ' +
    `You can write to ${name.toLowerCase()}.${index}@mail.example.org or call +49 30 ${901_820 + index}. ` +
    'The money should go back to DE89 3704 0044 0532 0130 00, as agreed with your colleague on the phone. ' +
    `My last login was from 203.0.113.${index % 250}. Many thanks and best regards\n${name}`
  );
}).join('\n\n');

/** A request as Dify sends it: the operator's prompt, an earlier turn, and a question with the text in it. */
export function conversation(text: string): JsonObject {
  return {
    model: 'gpt-4o',
    stream: true,
    temperature: 0.7,
    messages: [
      {
        role: 'system',
        content: 'You are a helpful assistant of the support team. Answer in short sentences.',
      },
      { role: 'user', content: 'Hello, I have a question about a text.' },
      { role: 'assistant', content: 'Of course. Please send me the text.' },
      { role: 'user', content: text },
    ],
  };
}

function hex(seed: number, length: number): string {
  let state = seed + 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 28).toString(16);
  }).join('');
}
