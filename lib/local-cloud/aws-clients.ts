import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Where the embedded services listen, for the SDK's clients. */
export interface Place {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
}

/** Credentials the embedded services accept; they check none. */
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface AwsClients {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly secrets: SecretsManagerClient;
  readonly sfn: SFNClient;
  destroy(): void;
}

/** What an SDK client needs to talk to the embedded services. */
function clientConfig({ endpoint, region }: Pick<Place, 'endpoint' | 'region'>) {
  return { endpoint, region, credentials: CREDENTIALS, maxAttempts: 2 };
}

export function openClients(place: Place): AwsClients {
  const config = clientConfig(place);
  const clients = {
    dynamo: new DynamoDBClient(config),
    sqs: new SQSClient(config),
    secrets: new SecretsManagerClient(config),
    sfn: new SFNClient(config),
  };
  return {
    ...clients,
    destroy() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

/** The environment that sends a function's own SDK clients to the embedded services. */
export function awsVariables({ endpoint, region }: Place): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  };
}
