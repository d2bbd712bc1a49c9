import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { Leaf, Role } from '#core/policy/policy.ts';
import { CHAT_GOVERNANCE, type Governance, type Words } from './governance.ts';
import { readJson } from './read-json.ts';
import { EXEMPT, PART_PLACES, UNREADABLE_PARTS, WIRE_KEYS } from './vocabulary.ts';

/** Marks a step from a string into the JSON document it holds (tool-call arguments). */
const INSIDE = '$json';

type Step = string | number;

export interface WalkedRequest {
  readonly leaves: readonly Leaf[];
  /** Parts no policy can read: `messages[0].content[1] image_url`. */
  readonly unscannedParts: readonly string[];
}

interface Walk {
  readonly leaves: Leaf[];
  readonly unscanned: string[];
  readonly newSince: number;
}

/**
 * Yields every string of a request with its place, role and trust, except what EXEMPT lists. `roles` are those of the top-level
 * fields; a chat's when nothing is said.
 */
export function walkRequest(
  request: JsonObject,
  roles: Governance['request'] = CHAT_GOVERNANCE.request,
): WalkedRequest {
  const walk: Walk = { leaves: [], unscanned: [], newSince: firstNewMessage(request['messages']) };
  for (const [key, value] of Object.entries(request)) {
    visitKey(walk, [key], 'parameter', -1);
    if (key === 'messages' && Array.isArray(value)) visitMessages(walk, value);
    else visit(walk, value, [key], roles[key] ?? 'parameter', -1);
  }
  return { leaves: walk.leaves, unscannedParts: walk.unscanned };
}

/** The request with the texts of edited leaves put back; the argument is not changed. */
export function putLeaves(request: JsonObject, leaves: readonly Leaf[]): JsonObject {
  const copy = structuredClone(request);
  const documents = new Map<string, { path: readonly Step[]; value: Json }>();
  for (const leaf of leaves) {
    if (leaf.fixed) continue;
    const inside = leaf.path.indexOf(INSIDE);
    if (inside < 0) setAt(copy, leaf.path, leaf.text);
    else setInside(copy, documents, leaf, inside);
  }
  for (const { path, value } of documents.values()) setAt(copy, path, JSON.stringify(value));
  return copy;
}

/** `messages[2].content[0].text`, for findings and logs. */
export function showPath(path: readonly Step[]): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${step}`))
    .join('');
}

/** Everything after the last assistant turn is new; Dify re-sends the whole history with every call. */
function firstNewMessage(messages: Json | undefined): number {
  if (!Array.isArray(messages)) return 0;
  return messages.findLastIndex((message) => isObject(message) && message['role'] === 'assistant') + 1;
}

function messageRole(message: JsonObject): Role {
  const role = message['role'];
  if (role === 'system' || role === 'developer') return 'system';
  if (role === 'assistant') return 'assistant';
  return role === 'tool' || role === 'function' ? 'tool' : 'user';
}

function visitMessages(walk: Walk, messages: readonly Json[]): void {
  for (const [index, message] of messages.entries()) {
    visit(walk, message, ['messages', index], isObject(message) ? messageRole(message) : 'user', index);
  }
}

function visit(walk: Walk, value: Json, path: readonly Step[], role: Words, message: number): void {
  if (typeof value === 'string') visitString(walk, value, path, role, message);
  else if (typeof value === 'number') visitNumber(walk, value, path, role, message);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(walk, item, [...path, index], role, message);
  } else if (isObject(value)) visitObject(walk, value, path, role, message);
}

function visitObject(
  walk: Walk,
  value: JsonObject,
  path: readonly Step[],
  role: Words,
  message: number,
): void {
  const unreadable = unreadablePart(value, path);
  if (unreadable) walk.unscanned.push(`${showPath(path)} ${unreadable}`);
  for (const [key, item] of Object.entries(value)) {
    visitKey(walk, [...path, key], role, message);
    if (unreadable && key === unreadable) visitPart(walk, item, [...path, key], role, message);
    else visit(walk, item, [...path, key], role, message);
  }
}

/** A content part whose payload (image, audio, file) no policy can read. */
function unreadablePart(value: JsonObject, path: readonly Step[]): string | undefined {
  const type = value['type'];
  if (typeof type !== 'string' || !UNREADABLE_PARTS.has(type)) return undefined;
  return PART_PLACES.some((place) => matchesPath(place, path)) ? type : undefined;
}

/** Skips only the encoded payload itself; names, links and everything else of the part are read. */
function visitPart(walk: Walk, value: Json, path: readonly Step[], role: Words, message: number): void {
  if (typeof value === 'string' && isPayload(value)) return;
  if (!isObject(value)) {
    visit(walk, value, path, role, message);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    visitKey(walk, [...path, key], role, message);
    const payload = ['url', 'data', 'file_data'].includes(key) && typeof item === 'string' && isPayload(item);
    if (!payload) visit(walk, item, [...path, key], role, message);
  }
}

/** A data URI with base64, or base64 alone; never an ordinary link or text. */
function isPayload(value: string): boolean {
  const comma = value.startsWith('data:') ? value.indexOf(',') : -1;
  if (comma > 0 && comma <= 128 && value.slice(0, comma).endsWith(';base64'))
    return isBase64(value.slice(comma + 1));
  return value.length >= 64 && isBase64(value);
}

function isBase64(value: string): boolean {
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(value);
}

function visitString(walk: Walk, text: string, path: readonly Step[], role: Words, message: number): void {
  if (text === '' || isExempt(text, path)) return;
  if (path.at(-1) === 'arguments' && visitInside(walk, text, path, role, message)) return;
  addLeaf(walk, text, path, role, message, false);
}

/** Tool-call arguments are JSON in a string: each string inside is a leaf of its own, the raw JSON is never edited. */
function visitInside(walk: Walk, text: string, path: readonly Step[], role: Words, message: number): boolean {
  const value = parseObject(text);
  if (!value) return false;
  visit(walk, value, [...path, INSIDE], role, message);
  return true;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    // What two readers could understand differently (duplicate keys, …) is read as plain text instead.
    const value = readJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A long number can be a card or an account; it cannot be edited without changing its type. */
function visitNumber(walk: Walk, value: number, path: readonly Step[], role: Words, message: number): void {
  const digits = String(value);
  if (/^\d{9,}$/.test(digits) && path.at(-1) !== 'seed') addLeaf(walk, digits, path, role, message, true);
}

function visitKey(walk: Walk, path: readonly Step[], role: Words, message: number): void {
  const key = String(path.at(-1));
  if (!WIRE_KEYS.has(key)) addLeaf(walk, key, [...path, '$key'], role, message, true);
}

function addLeaf(
  walk: Walk,
  text: string,
  path: readonly Step[],
  role: Words,
  message: number,
  fixed: boolean,
): void {
  const isNew = role !== 'quoted' && (message < 0 || role === 'tool' || message >= walk.newSince);
  const whose = role === 'quoted' ? 'user' : role;
  walk.leaves.push({ path, text, role: whose, message, isNew, ...(fixed ? { fixed } : {}) });
}

function isExempt(text: string, path: readonly Step[]): boolean {
  return EXEMPT.some(({ path: pattern, shape }) => matchesPath(pattern, path) && shape.test(text));
}

function matchesPath(pattern: string, path: readonly Step[]): boolean {
  const steps = pattern.split('.');
  return steps.length === path.length && steps.every((step, i) => step === '*' || step === path[i]);
}

function setInside(
  copy: JsonObject,
  documents: Map<string, { path: readonly Step[]; value: Json }>,
  leaf: Leaf,
  inside: number,
): void {
  const path = leaf.path.slice(0, inside);
  const key = JSON.stringify(path);
  const document = documents.get(key) ?? { path, value: JSON.parse(String(getAt(copy, path))) as Json };
  documents.set(key, document);
  setAt(document.value, leaf.path.slice(inside + 1), leaf.text);
}

function getAt(root: Json, path: readonly Step[]): Json | undefined {
  let value: Json | undefined = root;
  for (const step of path) value = (value as JsonObject | undefined)?.[step as string];
  return value;
}

function setAt(root: Json, path: readonly Step[], text: string): void {
  const parent = getAt(root, path.slice(0, -1)) as JsonObject;
  const last = path.at(-1);
  if (last !== undefined) parent[last as string] = text;
}
