import type { ExchangeFacts, InputText, Leaf, Role } from '#core/policy/policy.ts';
import { createInputText } from '#core/text/build-views.ts';
import { base32, hmacBytes } from '#core/text/hash.ts';

export function leaf(text: string, role: Role = 'user', more: Partial<Leaf> = {}): Leaf {
  return { path: ['messages', 0, 'content'], text, role, message: 0, isNew: true, ...more };
}

export function inputOf(...leaves: (Leaf | string)[]): InputText {
  return createInputText(leaves.map((one) => (typeof one === 'string' ? leaf(one) : one)));
}

export function factsOf(input: InputText = inputOf(), more: Partial<ExchangeFacts> = {}): ExchangeFacts {
  return {
    probe: false,
    structuredOutput: false,
    model: 'gpt-4o',
    input,
    pseudonym: (type, canonical) => base32(hmacBytes('tenant key', `${type}:${canonical}`), 6),
    vault: new Map(),
    sample: 0.5,
    verdicts: new Map(),
    ...more,
  };
}
