import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { appVersion } from '#core/auth/app-version.ts';
import type { KeyAct } from '#core/ledger/plain-facts.ts';
import type { App, AppKey, Clock, Ids, KeyAdmin } from '#core/ports.ts';
import { actPut } from './act-items.ts';
import { documentClient } from './dynamo-client.ts';
import {
  appKeyOf,
  difyKeyOf,
  keyKeyOf,
  LOOKUP,
  readApp,
  readKey,
  readListedToken,
  readUse,
  tokenKeyOf,
} from './key-items.ts';
import { systemClock } from './system-clock.ts';
import { MAX_WRITES, transact, type Write } from './transact.ts';
import { ulidIds } from './ulid-ids.ts';

export interface KeyAdminOptions {
  /** The State table. */
  readonly table: string;
  readonly client?: DynamoDBDocumentClient;
  readonly ids?: Ids;
  readonly clock?: Clock;
}

/**
 * Writes apps, keys and tokens into the State table; with the operator's credentials, never a function's. An act is one transaction
 * with its change; the sweeper makes an event of it.
 */
export function dynamoKeyAdmin(options: KeyAdminOptions): KeyAdmin {
  const { table, client = documentClient(), ids = ulidIds, clock = systemClock } = options;

  /** False when a condition refused it. */
  async function writeAll(changes: readonly Write[], act: KeyAct | undefined): Promise<boolean> {
    const acts = act ? [actPut({ table, ids, clock }, act)] : [];
    return (await transact(client, [...changes, ...acts])) === undefined;
  }

  async function put(item: Record<string, unknown>, act: KeyAct | undefined): Promise<void> {
    await writeAll([{ Put: { TableName: table, Item: item } }], act);
  }

  /** The app has the last word: a note that it no longer bears out says nothing. */
  async function noteDifyApps({ id: appId, difyAppIds = [] }: App): Promise<void> {
    const notes = [...new Set(difyAppIds)].map((id) => ({
      Put: { TableName: table, Item: { ...difyKeyOf(id), appId } },
    }));
    for (let at = 0; at < notes.length; at += MAX_WRITES)
      await transact(client, notes.slice(at, at + MAX_WRITES));
  }

  /** Small lists: every app and every key of an environment has its line in one index partition. */
  async function listed(lookup: string): Promise<Record<string, unknown>[]> {
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        IndexName: 'byId',
        KeyConditionExpression: '#lookup = :lookup',
        ExpressionAttributeNames: { '#lookup': 'lookup' },
        ExpressionAttributeValues: { ':lookup': lookup },
      },
    );
    const items: Record<string, unknown>[] = [];
    for await (const page of pages) items.push(...(page.Items ?? []));
    return items;
  }

  /** When keys and tokens were used. */
  async function usesById(): Promise<Map<string, Pick<AppKey, 'firstUsedAt' | 'lastUsedAt'>>> {
    return new Map((await listed(LOOKUP.uses)).map((item) => [String(item['id']), readUse(item)]));
  }

  /** The change of the item of a list that `is` the one, or undefined. */
  async function update(
    lookup: string,
    is: (item: Record<string, unknown>) => boolean,
    change: Change,
    at: string,
  ): Promise<Write | undefined> {
    const item = (await listed(lookup)).find(is);
    if (!item) return undefined;
    const Key = { pk: item['pk'], sk: 'META' };
    return { Update: { TableName: table, Key, ...change, ExpressionAttributeValues: { ':at': at } } };
  }

  const keyUpdate = (id: string, change: Change, at: string) =>
    update(LOOKUP.keys, (item) => item['id'] === id, change, at);

  const tokenUpdate = (id: string, change: Change, at: string) =>
    update(LOOKUP.tokens, (item) => readListedToken(item).id === id, change, at);

  async function changed(found: Promise<Write | undefined>, act: KeyAct | undefined): Promise<boolean> {
    const write = await found;
    return write !== undefined && (await writeAll([write], act));
  }

  return {
    async putApp(app, act, over) {
      const Item = { ...app, version: appVersion(app), ...appKeyOf(app.id), lookup: LOOKUP.apps };
      const condition = over === undefined ? {} : standsStill(over);
      const stored = await writeAll([{ Put: { TableName: table, Item, ...condition } }], act);
      if (stored) await noteDifyApps(app);
      return stored;
    },
    putKey: (hash, key, act) => put(keyItem(hash, key), act),
    putToken: (hash, token, act) => put({ ...token, ...tokenKeyOf(hash), lookup: LOOKUP.tokens }, act),
    async listTokens() {
      const [tokens, uses] = await Promise.all([listed(LOOKUP.tokens), usesById()]);
      return tokens.map(readListedToken).map((token) => ({ ...token, ...uses.get(token.id) }));
    },
    revokeToken: (id, at, act) => changed(tokenUpdate(id, CHANGE.revoke, at), act),
    listApps: async () => (await listed(LOOKUP.apps)).map(readApp),
    async listKeys() {
      const [keys, uses] = await Promise.all([listed(LOOKUP.keys), usesById()]);
      return keys.map(readKey).map((key) => ({ ...key, ...uses.get(key.id) }));
    },
    async rotateKey({ id, until }, hash, next, act) {
      const end = await keyUpdate(id, CHANGE.expireWorking, until);
      const successor = { Put: { TableName: table, Item: keyItem(hash, next) } };
      return end !== undefined && (await writeAll([end, successor], act));
    },
    revokeKey: (id, at, act) => changed(keyUpdate(id, CHANGE.revoke, at), act),
    expireKey: (id, at, act) => changed(keyUpdate(id, CHANGE.expire, at), act),
  };
}

/** True while the app is as it was read; null: while there is none. An item of before versions were kept has none. */
function standsStill(over: App | null) {
  if (over === null) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(version) OR version = :seen)',
    ExpressionAttributeValues: { ':seen': appVersion(over) },
  };
}

const keyItem = (hash: string, key: AppKey) => ({ ...key, ...keyKeyOf(hash), lookup: LOOKUP.keys });

interface Change {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
}

const CHANGE = {
  // The first revocation counts.
  revoke: {
    UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :at)',
    ConditionExpression: 'attribute_exists(pk)',
  },
  expire: { UpdateExpression: 'SET expiresAt = :at', ConditionExpression: 'attribute_exists(pk)' },
  expireWorking: {
    UpdateExpression: 'SET expiresAt = :at',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)',
  },
} satisfies Record<string, Change>;
