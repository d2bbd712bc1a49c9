import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { GatewayError } from '#core/errors.ts';
import type { App, AppKey, Clock, ConsoleToken, KeyRing } from '#core/ports.ts';
import { documentClient } from './dynamo-client.ts';
import {
  appKeyOf,
  difyKeyOf,
  keyKeyOf,
  readApp,
  readDifyHint,
  readKey,
  readToken,
  tokenKeyOf,
} from './key-items.ts';
import { readThroughCache } from './read-through-cache.ts';
import { systemClock } from './system-clock.ts';

export interface KeyRingOptions {
  /** The State table. */
  readonly table: string;
  readonly client?: DynamoDBDocumentClient;
  readonly clock?: Clock;
}

/** A revocation takes effect within a minute; a new key works within five seconds of a failed try. */
const FRESH_MS = 60_000;
const ABSENT_MS = 5_000;
/** While the table cannot be reached, known keys go on working this long. */
const STALE_MS = 300_000;
const DIFY_ID = /^[A-Za-z0-9._:@-]{1,128}$/;
const HASH = /^[0-9a-f]{64}$/;

/** Looks up keys and tokens in the State table, by GetItem only, through a bounded cache. */
export function dynamoKeyRing({
  table,
  client = documentClient(),
  clock = systemClock,
}: KeyRingOptions): KeyRing {
  const times = { clock, freshMs: FRESH_MS, staleMs: STALE_MS, pauseMs: ABSENT_MS };

  function cached<T>(
    maxKeys: number,
    keyOf: (id: string) => Record<string, string>,
    read: (item: unknown) => T,
    absentMs = ABSENT_MS,
  ) {
    const load = async (id: string) => {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: keyOf(id) }));
      return Item && read(Item);
    };
    return readThroughCache<T>({ ...times, absentMs, maxKeys, load });
  }

  const keys = cached<AppKey>(10_000, keyKeyOf, readKey);
  const apps = cached<App>(1_000, appKeyOf, readApp);
  const difyHints = cached<string>(10_000, difyKeyOf, readDifyHint, FRESH_MS);
  const tokens = cached<ConsoleToken>(1_000, tokenKeyOf, readToken);

  return {
    async findKey(hash) {
      if (!HASH.test(hash)) return undefined;
      return orUnavailable(async () => {
        const key = await keys.get(hash);
        const app = key && (await apps.get(key.appId));
        return key && app ? { key, app } : undefined;
      });
    },
    async findToken(hash) {
      return HASH.test(hash) ? orUnavailable(() => tokens.get(hash)) : undefined;
    },
    async appOfDify(difyAppId) {
      if (!DIFY_ID.test(difyAppId)) return undefined;
      try {
        const appId = await difyHints.get(difyAppId);
        const app = appId === undefined ? undefined : await apps.get(appId);
        return app?.difyAppIds?.includes(difyAppId) ? app.id : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

async function orUnavailable<T>(lookUp: () => Promise<T>): Promise<T> {
  try {
    return await lookUp();
  } catch (cause) {
    throw new GatewayError('config_unavailable', 'Keys cannot be checked right now. Try again in a moment.', {
      cause,
    });
  }
}
