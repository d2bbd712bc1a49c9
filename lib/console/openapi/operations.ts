import * as z from 'zod';
import { EventQuery, requestId } from '../event-query.ts';
import { appId, NewApp, SeenChange } from '../routes/app-routes.ts';
import { BudgetQuery } from '../routes/budget-routes.ts';
import { ExportQuery } from '../routes/export-routes.ts';
import { Expiry, KeyQuery, keyId, NewKey, Rotation } from '../routes/key-routes.ts';
import { OverviewQuery } from '../routes/overview-routes.ts';
import { Try } from '../routes/policy-routes.ts';
import { Report } from '../routes/report-routes.ts';
import { Decision, ReviewQuery } from '../routes/review-routes.ts';
import { SpendQuery } from '../routes/spend-routes.ts';
import type { Operation } from './operation.ts';

const ofApp = { id: appId };
const ofKey = { id: keyId };
const ofRequest = { id: requestId };
const Nothing = z.strictObject({});

const PART = {
  'x-keeptrusts-rows': 'Lines of this part, without the head',
  'x-keeptrusts-complete': 'false: there is a next part',
  'x-keeptrusts-next': 'The cursor of the next part',
  'x-keeptrusts-as-of': 'When it was read',
};

/** Everything the API does. The test test/console/openapi.test.ts compares it with the routes that there are. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/health',
    summary: 'Whether the console runs',
    role: 'anyone',
    answer: 'Health',
  },
  { method: 'get', path: '/api/config', summary: 'How people sign in', role: 'anyone', answer: 'Config' },
  {
    method: 'get',
    path: '/api/openapi.json',
    summary: 'This document',
    role: 'viewer',
    files: ['application/json'],
  },
  { method: 'get', path: '/api/me', summary: 'Who is signed in', role: 'viewer', answer: 'Me' },
  {
    method: 'get',
    path: '/api/overview',
    summary: 'Totals, days and the last 24 hours',
    role: 'viewer',
    query: OverviewQuery,
    answer: 'Overview',
  },
  {
    method: 'get',
    path: '/api/events',
    summary: 'Events, newest first',
    role: 'viewer',
    query: EventQuery,
    answer: 'Events',
  },
  {
    method: 'get',
    path: '/api/events/{id}',
    summary: 'All events of a request',
    role: 'viewer',
    parameters: ofRequest,
    answer: 'EventsOfRequest',
  },
  {
    method: 'get',
    path: '/api/exports',
    summary: 'A part of a file of events',
    role: 'viewer',
    query: ExportQuery,
    files: ['application/jsonl', 'text/csv'],
    headers: PART,
  },
  {
    method: 'get',
    path: '/api/spend',
    summary: 'Usage and cost, as JSON or as a file',
    role: 'viewer',
    query: SpendQuery,
    answer: 'Spend',
    files: ['text/csv'],
  },
  {
    method: 'get',
    path: '/api/budgets',
    summary: 'How much of each budget is gone',
    role: 'viewer',
    query: BudgetQuery,
    answer: 'Budgets',
  },
  { method: 'get', path: '/api/apps', summary: 'Apps', role: 'viewer', answer: 'Apps' },
  {
    method: 'post',
    path: '/api/apps',
    summary: 'Add an app',
    role: 'admin',
    body: NewApp,
    status: 201,
    answer: 'App',
  },
  {
    method: 'patch',
    path: '/api/apps/{id}',
    summary: 'Change an app; null takes back what was stored',
    role: 'admin',
    parameters: ofApp,
    body: SeenChange,
    answer: 'App',
  },
  { method: 'get', path: '/api/keys', summary: 'App keys', role: 'admin', query: KeyQuery, answer: 'Keys' },
  {
    method: 'post',
    path: '/api/keys',
    summary: 'Make a key; it is in this answer and nowhere else',
    role: 'admin',
    body: NewKey,
    status: 201,
    answer: 'NewKey',
  },
  {
    method: 'post',
    path: '/api/keys/{id}/rotate',
    summary: 'Replace a key',
    role: 'admin',
    parameters: ofKey,
    body: Rotation,
    status: 201,
    answer: 'NewKey',
  },
  {
    method: 'post',
    path: '/api/keys/{id}/expire',
    summary: 'Let a key end at a time',
    role: 'admin',
    parameters: ofKey,
    body: Expiry,
    answer: 'Key',
  },
  {
    method: 'post',
    path: '/api/keys/{id}/revoke',
    summary: 'End a key now',
    role: 'admin',
    parameters: ofKey,
    body: Nothing,
    answer: 'Key',
  },
  { method: 'get', path: '/api/policies', summary: 'The active pack', role: 'viewer', answer: 'Pack' },
  {
    method: 'post',
    path: '/api/policies/try',
    summary: 'What the pack would do with a prompt',
    role: 'viewer',
    body: Try,
    answer: 'Try',
  },
  {
    method: 'get',
    path: '/api/reviews',
    summary: 'Held requests and answers, without their texts',
    role: 'viewer',
    query: ReviewQuery,
    answer: 'Reviews',
  },
  {
    method: 'get',
    path: '/api/reviews/{id}',
    summary: 'A held request or answer; the view is an event',
    role: 'reviewer',
    parameters: ofRequest,
    answer: 'Review',
  },
  ...(['claim', 'unclaim'] as const).map(
    (act): Operation => ({
      method: 'post',
      path: `/api/reviews/{id}/${act}`,
      summary: act === 'claim' ? 'Work on a case' : 'Give it back',
      role: 'reviewer',
      parameters: ofRequest,
      answer: 'ReviewSummary',
    }),
  ),
  {
    method: 'post',
    path: '/api/reviews/{id}/decide',
    summary: 'Approve, edit or reject what is held',
    role: 'reviewer',
    parameters: ofRequest,
    body: Decision,
    answer: 'ReviewSummary',
  },
  {
    method: 'post',
    path: '/v1/events',
    summary: 'Events of a gateway elsewhere',
    role: 'gateway',
    body: Report,
    answer: 'Receipts',
  },
];
