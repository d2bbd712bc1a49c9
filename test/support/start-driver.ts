/** `kt start` without the CLI: node test/support/start-driver.ts <folder> [pack]. */
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoKeyAdmin } from '#aws/dynamo-key-admin.ts';
import { dynamoKeyRing } from '#aws/dynamo-key-ring.ts';
import { compilePack } from '#core/pack/compile.ts';
import { startLocal } from '#local-cloud/start.ts';
import { StartError } from '#local-cloud/start-error.ts';
import { catalogue } from '#policies/catalogue.ts';

const [root = '.', packFile] = process.argv.slice(2);
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort());

try {
  await startLocal(
    {
      root,
      environment: 'test',
      fresh: process.env['FRESH'] === 'yes',
      compile: (text, file) => compilePack(text, file, catalogue),
      keyStore(dynamo, table) {
        const client = DynamoDBDocumentClient.from(dynamo, {
          marshallOptions: { removeUndefinedValues: true },
        });
        return { admin: dynamoKeyAdmin({ table, client }), ring: dynamoKeyRing({ table, client }) };
      },
      ...(packFile !== undefined && { packFile }),
    },
    {
      out: (text) => console.log(text),
      err: (text) => console.error(text),
      env: process.env,
      interrupted: () => interrupt.signal,
    },
  );
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
