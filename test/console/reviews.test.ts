import { expect, test } from '@jest/globals';
import { heldCase } from '../review/memory-desk.ts';
import { consoleBench, TOKENS } from './console-bench.ts';

const token = TOKENS.reviewer;
const approve = { state: 'approved', reason: 'checked' };

test('a list of reviews holds no answer', async () => {
  const { send } = consoleBench();

  const text = await (await send('/api/reviews?state=open', { token })).text();

  expect(JSON.parse(text)).toMatchObject({ reviews: [{ id: 'c1', answer_chars: 15 }], complete: true });
  expect(text).not.toContain('Take two');
});

test('a list that was cut says so', async () => {
  const { send, cases } = consoleBench();
  cases.set('c2', heldCase('c2'));

  expect(await (await send('/api/reviews?limit=1', { token })).json()).toMatchObject({
    reviews: [{ id: 'c1' }],
    complete: false,
  });
});

test('reading a held answer is an event', async () => {
  const { send, events } = consoleBench();

  const body = await (await send('/api/reviews/c1', { token })).json();

  expect(body).toMatchObject({ id: 'c1', answer: 'Take two a day.', state: 'open' });
  expect(events).toMatchObject([
    { type: 'console.viewed_content', request_id: 'c1', review_id: 'c1', reviewer: 'rae', app_id: 'support' },
  ]);
});

test('a held answer is not shown when the view cannot be recorded', async () => {
  const { send } = consoleBench({
    record: async () => {
      throw new Error('queue is down');
    },
  });

  const response = await send('/api/reviews/c1', { token });

  expect(response.status).toBe(503);
  expect(await response.text()).not.toContain('Take two');
});

test('a review that does not exist is not found', async () => {
  const { send, events } = consoleBench();

  expect((await send('/api/reviews/c9', { token })).status).toBe(404);
  expect(events).toEqual([]);
});

test('a decision carries the identity of the token', async () => {
  const { decide, cases } = consoleBench();

  const response = await decide(token, approve);

  expect(response.status).toBe(200);
  expect(cases.get('c1')?.decision).toMatchObject({ state: 'approved', by: 'rae', reason: 'checked' });
});

test('a claim shows in the list, keeps other reviewers out with 409, and is given back by its claimer', async () => {
  const { send, decide } = consoleBench();
  const post = (act: string, by = token) => send(`/api/reviews/c1/${act}`, { token: by, method: 'POST' });

  expect(await (await post('claim')).json()).toMatchObject({ state: 'claimed', claim: { by: 'rae' } });
  const list = await (await send('/api/reviews?state=claimed', { token })).json();
  expect(list).toMatchObject({ reviews: [{ id: 'c1', claim: { by: 'rae' } }] });
  expect(JSON.stringify(list)).not.toContain('Take two');
  for (const late of [await post('claim', TOKENS.admin), await decide(TOKENS.admin, approve)]) {
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({ error: { code: 'claimed' } });
  }
  expect((await post('unclaim', TOKENS.admin)).status).toBe(409);
  expect(await (await post('unclaim')).json()).toMatchObject({ id: 'c1', state: 'open' });
  expect((await decide(TOKENS.admin, approve)).status).toBe(200);
});

test('a decision in the name of somebody else is refused', async () => {
  const { decide, cases } = consoleBench();

  const response = await decide(token, { ...approve, by: 'ada' });

  expect([response.status, cases.get('c1')?.state]).toEqual([400, 'open']);
});

test('an edited text is what is released', async () => {
  const { decide, cases } = consoleBench();

  await decide(token, { state: 'edited', reason: 'dose', text: 'Ask your doctor.' });

  expect(cases.get('c1')?.decision?.text).toBe('Ask your doctor.');
});

test('of two reviewers the second is told who won', async () => {
  const { decide } = consoleBench();

  const answers = await Promise.all([
    decide(token, approve),
    decide(TOKENS.other, { state: 'rejected', reason: 'no' }),
  ]);

  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const loser = answers.find(({ status }) => status === 409)!;
  expect(await loser.json()).toMatchObject({ error: { code: 'already_decided', decision: { by: 'rae' } } });
});

test('with two approvals needed the list shows the first, and the same person is refused with 409', async () => {
  const { send, decide, cases } = consoleBench();
  cases.set('c1', heldCase('c1', { approvalsNeeded: 2 }));

  expect(await (await decide(token, approve)).json()).toMatchObject({
    state: 'open',
    approvals_needed: 2,
    approvals: [{ state: 'approved', by: 'rae', reason: 'checked' }],
  });
  const again = await decide(token, approve);
  expect([again.status, await again.json()]).toMatchObject([
    409,
    { error: { code: 'already_approved', approval: { by: 'rae', state: 'approved' } } },
  ]);
  const list = await (await send('/api/reviews', { token })).json();
  expect(list).toMatchObject({ reviews: [{ id: 'c1', approvals: [{ by: 'rae' }] }] });
  expect((await decide(TOKENS.other, approve)).status).toBe(200);
  expect(cases.get('c1')?.state).toBe('approved');
});

test('a proposed text is in the detail with its hash, never in a list, and is approved by that hash', async () => {
  const { send, decide, cases } = consoleBench();
  cases.set('c1', heldCase('c1', { approvalsNeeded: 2 }));
  const edited = await (
    await decide(token, { state: 'edited', reason: 'dose', text: 'Ask your doctor.' })
  ).text();

  const detail = await (await send('/api/reviews/c1', { token: TOKENS.other })).json();
  expect(detail).toMatchObject({ answer: 'Take two a day.', proposed_text: 'Ask your doctor.' });
  expect(edited + (await (await send('/api/reviews', { token })).text())).not.toContain('doctor');
  const blind = await decide(TOKENS.other, approve);
  expect([blind.status, await blind.json()]).toMatchObject([
    409,
    { error: { code: 'text_changed', approval: { by: 'rae', state: 'edited' } } },
  ]);
  const text_sha256 = (detail as { text_sha256: string }).text_sha256;
  expect((await decide(TOKENS.other, { ...approve, text_sha256 })).status).toBe(200);
  expect(cases.get('c1')?.decision).toMatchObject({ state: 'edited', by: 'rob', text: 'Ask your doctor.' });
});

test('a held request says so, and is not edited', async () => {
  const { send, decide, cases } = consoleBench();
  cases.set('c1', heldCase('c1', { phase: 'input' }));

  expect(await (await send('/api/reviews', { token })).json()).toMatchObject({
    reviews: [{ phase: 'input' }],
  });
  const response = await decide(token, { state: 'edited', reason: 'dose', text: 'Ask your doctor.' });

  expect([response.status, await response.text()]).toEqual([
    400,
    expect.stringContaining('cannot be edited'),
  ]);
  expect(cases.get('c1')?.state).toBe('open');
});

test('the callback token is in no answer', async () => {
  const { send, decide } = consoleBench();

  const texts = [
    await (await send('/api/reviews', { token })).text(),
    await (await send('/api/reviews/c1', { token })).text(),
    await (await decide(token, approve)).text(),
    await (await decide(TOKENS.other, approve)).text(),
  ];

  expect(texts.join()).not.toContain('secret-task-token');
});

test.each([
  ['no reason', { state: 'approved' }],
  ['an empty reason', { state: 'approved', reason: '' }],
  ['a blank reason', { state: 'approved', reason: ' ' }],
  ['an unknown state', { state: 'expired', reason: 'x' }],
  ['an edit without text', { state: 'edited', reason: 'x' }],
  ['a huge text', { state: 'edited', reason: 'x', text: 'a'.repeat(100_001) }],
  ['a list', []],
  ['null', null],
])('%s is refused', async (_name, body) => {
  const { decide, cases } = consoleBench();

  const response = await decide(token, body);

  expect([response.status, cases.get('c1')?.state]).toEqual([400, 'open']);
});

test.each([
  ['a form', 'application/x-www-form-urlencoded', 'state=approved&reason=x', 415],
  ['plain text', 'text/plain', JSON.stringify(approve), 415],
  ['half a body', 'application/json', '{"state":', 400],
  ['bytes that are no text', 'application/json', new Uint8Array([0x7b, 0xff, 0x7d]), 400],
  ['more than a megabyte', 'application/json', ' '.repeat(1024 * 1024 + 1), 413],
])('%s as a decision is refused', async (_name, type, body, status) => {
  const { send, cases } = consoleBench();
  const headers = { 'content-type': type };

  const response = await send('/api/reviews/c1/decide', { token, method: 'POST', headers, body });

  expect([response.status, cases.get('c1')?.state]).toEqual([status, 'open']);
});

test.each([
  ['fails', () => Promise.reject(new Error('throttled'))],
  ['answers nonsense', async () => ({ done: true })],
])('a deciding function that %s is an error to be tried again', async (_name, decideBy) => {
  const { decide } = consoleBench({ decide: decideBy });

  const response = await decide(token, approve);

  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: { code: 'review_unavailable' } });
});
