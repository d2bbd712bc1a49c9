import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoKeyAdmin } from '#aws/dynamo-key-admin.ts';
import { dynamoKeyRing } from '#aws/dynamo-key-ring.ts';
import { compilePack } from '#core/pack/compile.ts';
import { startLocal } from '#local-cloud/start.ts';
import { StartError } from '#local-cloud/start-error.ts';
import type { StartOptions } from '#local-cloud/start-options.ts';
import { catalogue } from '#policies/catalogue.ts';
import type { Terminal } from './terminal.ts';

/** Runs the stack until the terminal is interrupted. Resolves with the line that says why it could not start, if so. */
export async function runStart(
  options: Omit<StartOptions, 'root' | 'compile' | 'keyStore'>,
  terminal: Terminal,
): Promise<string | undefined> {
  try {
    await startLocal({ ...options, root: terminal.root, ...PARTS }, terminal);
    return undefined;
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
}

/** What the embedded cloud may not import itself: its layer knows neither policies nor AWS adapters. */
const PARTS: Pick<StartOptions, 'compile' | 'keyStore'> = {
  compile: (text, file) => compilePack(text, file, catalogue),
  keyStore: (client, table) => {
    const documents = DynamoDBDocumentClient.from(client, {
      marshallOptions: { removeUndefinedValues: true },
    });
    return {
      admin: dynamoKeyAdmin({ table, client: documents }),
      ring: dynamoKeyRing({ table, client: documents }),
    };
  },
};
