import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Limits } from '#core/budget/budget.ts';
import { granted, leftOf, type RateStore, type Share } from '#core/limits/rate-store.ts';
import { documentClient } from './dynamo-client.ts';
import { blockingItem } from './dynamo-failure.ts';

export interface RateStoreOptions {
  /** The State table. */
  readonly table: string;
  readonly client?: DynamoDBDocumentClient;
}

const TRIES = 4;
const KEEP_SECONDS = 3600;

/**
 * One item per owner and minute (`LIM#<owner>` / `MIN#<minute>`), from which shares are leased, and one (`LIM#<owner>` / `PLACES`) that holds
 * the calls under way, each with its end: a process that dies leaves its place at that time.
 */
export function dynamoRateStore({ table, client = documentClient() }: RateStoreOptions): RateStore {
  async function add(owner: string, minute: number, share: Share, limits: Limits): Promise<Share> {
    const { requestsPerMinute = Number.MAX_SAFE_INTEGER, tokensPerMinute = Number.MAX_SAFE_INTEGER } = limits;
    const { Attributes = {} } = await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: `LIM#${owner}`, sk: `MIN#${minute}` },
        UpdateExpression: 'SET #expires = :expires ADD #requests :requests, #tokens :tokens',
        ConditionExpression:
          'attribute_not_exists(#requests) OR (#requests <= :mostRequests AND #tokens <= :mostTokens)',
        ExpressionAttributeNames: { '#requests': 'requests', '#tokens': 'tokens', '#expires': 'expires' },
        ExpressionAttributeValues: {
          ':requests': share.requests,
          ':tokens': share.tokens,
          ':mostRequests': requestsPerMinute - share.requests,
          ':mostTokens': tokensPerMinute - share.tokens,
          ':expires': minute * 60 + KEEP_SECONDS,
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { requests: Number(Attributes['requests']), tokens: Number(Attributes['tokens']) };
  }

  async function changePlaces(owner: string, expression: string, values: object, condition?: string) {
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { pk: `LIM#${owner}`, sk: 'PLACES' },
        UpdateExpression: expression,
        ...(condition === undefined ? {} : { ConditionExpression: condition }),
        ExpressionAttributeValues: { ...values },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  }

  /** The places that are taken, when there is none left. */
  async function tryPlace(owner: string, place: string, most: number): Promise<string[] | undefined> {
    const values = { ':one': new Set([place]), ':most': most };
    try {
      await changePlaces(
        owner,
        'ADD places :one',
        values,
        'attribute_not_exists(places) OR size(places) < :most',
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item?.['places']?.SS ?? [];
    }
  }

  const held = new Map<string, string>();
  return {
    async lease(owner, minute, need, wish, limits) {
      let share = granted({ requests: 0, tokens: 0 }, need, wish, limits);
      for (let tried = 0; share && tried < TRIES; tried += 1) {
        try {
          const used = await add(owner, minute, share, limits);
          return { share, left: leftOf(used, limits) };
        } catch (error) {
          const standing = blockingItem(error);
          if (!standing) throw error;
          const used = {
            requests: Number(standing['requests'] ?? 0),
            tokens: Number(standing['tokens'] ?? 0),
          };
          share = granted(used, need, wish, limits);
        }
      }
      return undefined;
    },
    async takePlace(owner, call, until, most, now) {
      const place = `${until} ${call}`;
      for (let tried = 0; tried < 2; tried += 1) {
        const taken = await tryPlace(owner, place, most);
        if (!taken) {
          held.set(`${owner} ${call}`, place);
          return true;
        }
        const over = taken.filter((one) => Number(one.split(' ')[0]) <= now);
        if (over.length === 0) return false;
        await changePlaces(owner, 'DELETE places :over', { ':over': new Set(over) });
      }
      return false;
    },
    async leavePlace(owner, call) {
      const place = held.get(`${owner} ${call}`);
      if (place === undefined) return;
      held.delete(`${owner} ${call}`);
      await changePlaces(owner, 'DELETE places :one', { ':one': new Set([place]) });
    },
  };
}
