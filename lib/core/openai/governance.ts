import type { Role } from '#core/policy/policy.ts';

/**
 * Whose words a field holds. `quoted` is a text somebody asks about: nobody says it to a model, so it is not judged as an order or
 * a request, but nothing in it leaves that must not.
 */
export type Words = Role | 'quoted';

/** Which strings of a route are looked at, and when. */
export interface Governance {
  /**
   * Every string of a request is judged, under the role its message or its top-level field has here; fields that are not listed are
   * parameters.
   */
  readonly request: Readonly<Record<string, Words>>;
  /**
   * `every-text`: every text that is relayed passes the output chain. `no-text`: the answer is written anew from numbers, flags and
   * words of the wire. `unread`: audio, which no policy can read; noted on the event.
   */
  readonly answer: 'every-text' | 'no-text' | 'unread';
}

/** Of a chat completion; its messages say themselves whose words they are. */
export const CHAT_GOVERNANCE: Governance = {
  request: { tools: 'schema', functions: 'schema', response_format: 'schema' },
  answer: 'every-text',
};
