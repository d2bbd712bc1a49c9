import { type DynamoDBDocumentClient, PutCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { AppKey, KeyAdmin } from '#core/ports.ts';
import { documentClient } from './dynamo-client.ts';
import { appKeyOf, keyKeyOf, LOOKUP, readApp, readKey, tokenKeyOf } from './key-items.ts';

export interface KeyAdminOptions {
  /** The State table. */
  readonly table: string;
  readonly client?: DynamoDBDocumentClient;
}

/** Writes apps, keys and tokens into the State table; with the operator's credentials, never a function's. */
export function dynamoKeyAdmin({ table, client = documentClient() }: KeyAdminOptions): KeyAdmin {
  async function put(item: Record<string, unknown>): Promise<void> {
    await client.send(new PutCommand({ TableName: table, Item: item }));
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

  async function changeKey(id: string, expression: string, at: string): Promise<boolean> {
    const item = (await listed(LOOKUP.keys)).find((candidate) => candidate['id'] === id);
    if (!item) return false;
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: item['pk'], sk: 'META' },
        UpdateExpression: expression,
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':at': at },
      }),
    );
    return true;
  }

  return {
    putApp: (app) => put({ ...app, ...appKeyOf(app.id), lookup: LOOKUP.apps }),
    putKey: (hash, key) => put({ ...key, ...keyKeyOf(hash), lookup: LOOKUP.keys }),
    putToken: (hash, token) => put({ ...token, ...tokenKeyOf(hash) }),
    listApps: async () => (await listed(LOOKUP.apps)).map(readApp),
    async listKeys() {
      const [keys, uses] = await Promise.all([listed(LOOKUP.keys), listed(LOOKUP.uses)]);
      const byId = new Map(uses.map(({ id, firstUsedAt, lastUsedAt }) => [id, { firstUsedAt, lastUsedAt }]));
      return keys.map((item) => ({
        ...readKey(item),
        ...(byId.get(item['id']) as Partial<AppKey> | undefined),
      }));
    },
    // The first revocation counts.
    revokeKey: (id, at) => changeKey(id, 'SET revokedAt = if_not_exists(revokedAt, :at)', at),
    expireKey: (id, at) => changeKey(id, 'SET expiresAt = :at', at),
  };
}
