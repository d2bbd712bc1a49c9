import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { nameFunctions } from '../../lib/local-cloud/resources/functions.ts';
import { readStacks } from '../../lib/local-cloud/template/assembly.ts';
import { createRegistry } from '../../lib/local-cloud/template/names.ts';
import type { Stack } from './stack.ts';

/** A running stack, as an operator with the AWS CLI sees it. */
export function awsOf(root: string, { local }: Stack) {
  const config = {
    endpoint: local.awsEndpoint,
    region: local.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const machines = new SFNClient(config);
  const lambda = new LambdaClient(config);
  const dynamo = new DynamoDBClient(config);
  const documents = DynamoDBDocumentClient.from(dynamo);

  async function machineArn(): Promise<string> {
    const { stateMachines = [] } = await machines.send(new ListStateMachinesCommand({}));
    return stateMachines[0]?.stateMachineArn ?? '';
  }

  async function arnOf(caseId: string): Promise<string | undefined> {
    const stateMachineArn = await machineArn();
    const { executions = [] } = await machines.send(new ListExecutionsCommand({ stateMachineArn }));
    return executions.find(({ name }) => name === caseId)?.executionArn;
  }

  return {
    /** Runs a function now, whose schedule is a minute. */
    async invoke(component: string): Promise<unknown> {
      const place = { endpoint: local.awsEndpoint, region: local.region, account: '000000000000' };
      const stacks = readStacks(join(root, 'cdk.out'), local.environment);
      const outlines = nameFunctions(createRegistry(stacks, place), place);
      const name = outlines.find((one) => one.component === component)?.name;
      const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: '{}' }));
      return JSON.parse(new TextDecoder().decode(Payload));
    },
    /** The execution named by the case. */
    async execution(caseId: string) {
      const executionArn = await arnOf(caseId);
      if (executionArn === undefined) return undefined;
      return machines.send(new DescribeExecutionCommand({ executionArn }));
    },
    /** StopExecution, as somebody does by hand. */
    async stop(caseId: string): Promise<void> {
      await machines.send(new StopExecutionCommand({ executionArn: await arnOf(caseId) }));
    },
    async tables(): Promise<string[]> {
      return (await dynamo.send(new ListTablesCommand({}))).TableNames ?? [];
    },
    /** Every item of a table. */
    async items(TableName: string): Promise<Record<string, unknown>[]> {
      const items: Record<string, unknown>[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const page = await documents.send(
          new ScanCommand({ TableName, ...(from && { ExclusiveStartKey: from }) }),
        );
        items.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from);
      return items;
    },
  };
}
