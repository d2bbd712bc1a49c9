import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { listEnvironments } from '#env/environment-folder.ts';
import type { HouseFunction } from '#infra/house-function.ts';
import {
  actionsOf,
  actionsOn,
  ofType,
  ROOT,
  resourceOf,
  type Statement,
  type Synthesized,
  statementsOf,
  synthesized,
  tagsOf,
} from './synthesized.ts';

/** CloudFormation gives these no tags. */
const UNTAGGABLE = new Set([
  'AWS::Events::Archive',
  'AWS::IAM::Policy',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::Logs::MetricFilter',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

describe.each(listEnvironments(join(ROOT, 'environments')))('environment %s', (name) => {
  let made: Synthesized;
  let functions: Record<string, HouseFunction<never>>;

  beforeAll(() => {
    made = synthesized(name);
    functions = allFunctions(made);
  }, 120_000);

  const of = (id: string) => functions[id]!;
  const gateways = () => Object.keys(functions).filter((id) => id.startsWith('Gateway'));
  const everyStatement = () => Object.values(functions).flatMap((fn) => statementsOf(made, fn));

  describe('tags', () => {
    test('are on every resource that can have them: app, env, cost-center, component', () => {
      const bare = Object.entries(made.resources)
        .filter(([, { Type }]) => !UNTAGGABLE.has(Type))
        .filter(([, resource]) => {
          const tags = tagsOf(resource) ?? {};
          const wanted = ['app', 'cost-center', 'keeptrusts:component'];
          return wanted.some((key) => !tags[key]) || tags['env'] !== name;
        });
      expect(bare.map(([id, { Type }]) => `${id} ${Type}`)).toEqual([]);
    });

    test('put a dedicated gateway on the account of its app alone', () => {
      const door = made.app.gateways['GatewaySupportBot']!;
      const expected = {
        app: 'support-bot',
        'cost-center': 'customer-care',
        owner: 'support-team',
        dedicated: 'true',
      };
      expect(tagsOf(resourceOf(made, door.function))).toMatchObject(expected);
      expect(tagsOf(resourceOf(made, door.function.role!))).toMatchObject(expected);
      expect(tagsOf(resourceOf(made, door.function.functionLogs))).toMatchObject(expected);
      expect(tagsOf(resourceOf(made, made.app.gateways['Gateway']!.function))).toMatchObject({
        app: 'shared',
      });
    });
  });

  describe('rights', () => {
    test('are never given by wildcard, but for X-Ray which has no resources', () => {
      const wide = everyStatement().filter((statement) => isWide(statement));
      const actions = new Set(wide.flatMap(actionsOf));
      expect([...actions].sort()).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
    });

    test('belong to one function each: no two share a role', () => {
      const roles = ofType(made, 'AWS::Lambda::Function').map(({ Properties }) =>
        JSON.stringify(Properties['Role']),
      );
      expect(new Set(roles).size).toBe(Object.keys(functions).length);
      expect(roles).toHaveLength(Object.keys(functions).length);
    });

    test('let nobody change or delete a ledger record', () => {
      for (const [id, fn] of Object.entries(functions)) {
        const reads = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
        const writes = ['dynamodb:PutItem'];
        const appends = id === 'Recorder' || id.startsWith('Gateway');
        const allowed = appends ? writes : id === 'Console' ? reads : [];
        expect([id, actionsOn(made, fn, 'LedgerTable')]).toEqual([id, allowed]);
      }
    });

    test('let only the decision function resume a review', () => {
      const able = Object.keys(functions).filter((id) =>
        statementsOf(made, of(id)).some((statement) =>
          actionsOf(statement).some((a) => a.startsWith('states:SendTask')),
        ),
      );
      expect(able).toEqual(['ReviewDecide']);
    });

    test('let the callback tokens of reviews be kept by one function and read by two', () => {
      const able = Object.keys(functions).flatMap((id) =>
        statementsOf(made, of(id))
          .filter((statement) => leadingKeys(statement).includes('REVT#*'))
          .map((statement) => [id, ...actionsOf(statement)]),
      );
      expect(able.sort()).toEqual([
        ['ReviewDecide', 'dynamodb:GetItem'],
        ['ReviewOpen', 'dynamodb:PutItem'],
        ['Sweeper', 'dynamodb:GetItem'],
      ]);
      for (const id of Object.keys(functions))
        for (const statement of statementsOf(made, of(id)).filter(readsState))
          expect([id, leadingKeys(statement).length > 0 || excepts(statement)]).toEqual([id, true]);
    });

    test('let only the console and the sweeper ask the decision function', () => {
      const able = Object.keys(functions).filter((id) =>
        actionsOn(made, of(id), 'ReviewsDecide').includes('lambda:InvokeFunction'),
      );
      expect(able.sort()).toEqual(['Console', 'Sweeper']);
    });

    test('let the console call the decision function, write apps and keys only and see one secret', () => {
      const actions = new Set(statementsOf(made, of('Console')).flatMap(actionsOf));
      expect(actionsOn(made, of('Console'), 'ReviewsDecide')).toEqual(['lambda:InvokeFunction']);
      expect([...actions].sort()).toEqual([
        'dynamodb:BatchGetItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'kms:Decrypt',
        'kms:DescribeKey',
        'lambda:InvokeFunction',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'secretsmanager:GetSecretValue',
        'sqs:SendMessage',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ]);
    });

    test('let the sweeper start reviews and close them, but resume none and write no text', () => {
      expect(actionsOn(made, of('Sweeper'), 'ReviewsMachine')).toEqual(['states:StartExecution']);
      const statements = statementsOf(made, of('Sweeper'));
      const actions = new Set(statements.flatMap(actionsOf));
      expect(actions).not.toContain('states:SendTaskSuccess');
      expect(actions).not.toContain('dynamodb:PutItem');
      const onReviews = statements.filter((statement) => leadingKeys(statement).includes('REV#*'));
      expect(onReviews.flatMap(actionsOf)).toEqual(['dynamodb:UpdateItem']);
    });

    test('keep secrets to the gateways, but for the one that signs cursors', () => {
      const reads = (id: string) =>
        statementsOf(made, of(id)).filter((one) => actionsOf(one).includes('secretsmanager:GetSecretValue'));
      const cursors = (id: string) =>
        JSON.stringify(reads(id).map(({ Resource }) => Resource)).match(/CursorKey/g);
      const readers = Object.keys(functions).filter((id) => reads(id).length > 0);

      expect(readers.sort()).toEqual([...gateways(), 'Console'].sort());
      expect(readers.filter((id) => cursors(id))).toEqual(['Console']);
      expect(reads('Console')).toMatchObject([{ Resource: expect.not.arrayContaining([expect.anything()]) }]);
    });

    test('let no function make a token, and only the console an app or a key', () => {
      const writes = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
      const onState = everyStatement()
        .filter(({ Resource }) => JSON.stringify(Resource).includes('StateTable'))
        .filter((statement) => actionsOf(statement).some((action) => writes.includes(action)));
      expect(onState.length).toBeGreaterThan(0);
      const others = ['INT#*', 'REV#*', 'REVQ#*', 'REVT#*', 'USE#*', 'BUD#*', 'LIM#*', 'KEYUSE#*', 'ACT#*'];
      const ofConsole = statementsOf(made, of('Console')).map((statement) => JSON.stringify(statement));
      for (const statement of onState) {
        const keys = leadingKeys(statement);
        expect(keys.length).toBeGreaterThan(0);
        const console = ofConsole.includes(JSON.stringify(statement));
        for (const key of keys)
          expect(console ? ['APP#*', 'KEY#*', 'DIFY#*', 'KEYUSE#*'] : others).toContain(key);
      }
    });
  });

  describe('functions', () => {
    test('run on Node 24, arm64, traced, from index.mjs, with logs that end', () => {
      for (const fn of ofType(made, 'AWS::Lambda::Function')) {
        expect(fn.Properties).toMatchObject({
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          Handler: 'index.handler',
          TracingConfig: { Mode: 'Active' },
          LoggingConfig: { LogGroup: expect.anything() },
        });
      }
      const days = ofType(made, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties['RetentionInDays']);
      expect(new Set(days)).toEqual(new Set([made.environment.logs.retention_days]));
    });

    test('have the memory and the limit of parallel runs that the environment says', () => {
      const { memory, concurrency } = made.environment;
      const gateway = resourceOf(made, of('Gateway')).Properties;
      expect(gateway['MemorySize']).toBe(memory.gateway ?? 1024);
      expect(gateway['ReservedConcurrentExecutions']).toBe(concurrency.gateway);
    });

    test('know their app when they are dedicated, and no app when they are shared', () => {
      const variables = (id: string) =>
        (resourceOf(made, of(id)).Properties['Environment'] as Variables).Variables;
      expect(variables('GatewaySupportBot')['DEDICATED_APP']).toBe('support-bot');
      expect(variables('Gateway')).not.toHaveProperty('DEDICATED_APP');
      expect(variables('Gateway')).toMatchObject({ KT_ENV: name, ACCEPT_PROVIDER_KEY: 'false' });
    });
  });

  describe('URLs', () => {
    test('of the gateways are known to the console', () => {
      const { Variables } = resourceOf(made, of('Console')).Properties['Environment'] as Variables;
      const urls = JSON.stringify(Variables['GATEWAY_URLS']);
      expect(urls).toContain('"*');
      expect(urls).toContain('support-bot');
      expect(urls.match(/"FunctionUrl"/g)).toHaveLength(gateways().length);
    });

    test('stream, and ask for no AWS signature', () => {
      const urls = ofType(made, 'AWS::Lambda::Url');
      expect(urls).toHaveLength(gateways().length + 1);
      for (const url of urls)
        expect(url.Properties).toMatchObject({ AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' });
    });

    test('carry both permissions that a public URL needs since October 2025', () => {
      const permissions = ofType(made, 'AWS::Lambda::Permission').map(({ Properties }) => Properties);
      for (const id of [...gateways(), 'Console']) {
        const target = { 'Fn::GetAtt': [logicalId(made, of(id)), 'Arn'] };
        const mine = permissions.filter(
          ({ FunctionName }) => JSON.stringify(FunctionName) === JSON.stringify(target),
        );
        expect(mine).toContainEqual(
          expect.objectContaining({
            Action: 'lambda:InvokeFunctionUrl',
            Principal: '*',
            FunctionUrlAuthType: 'NONE',
          }),
        );
        expect(mine).toContainEqual(
          expect.objectContaining({
            Action: 'lambda:InvokeFunction',
            Principal: '*',
            InvokedViaFunctionUrl: true,
          }),
        );
      }
    });

    test('are printed: one per gateway, one for the console', () => {
      const urls = Object.keys(made.outputs).filter((id) => id.includes('Url') && !id.includes('Queue'));
      expect(urls).toEqual(['GatewayUrl', 'GatewayUrlSupportBot', 'ConsoleUrl']);
    });
  });

  describe('data', () => {
    test('survives: tables are kept, protected and recoverable to any second', () => {
      const tables = ofType(made, 'AWS::DynamoDB::GlobalTable');
      expect(tables).toHaveLength(3);
      for (const table of tables) {
        expect(table.DeletionPolicy).toBe('Retain');
        expect(table.Properties).toMatchObject({
          BillingMode: 'PAY_PER_REQUEST',
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
          Replicas: [
            {
              DeletionProtectionEnabled: true,
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
            },
          ],
        });
      }
    });

    test('that people wrote is encrypted under a rotating key of its own', () => {
      const content = resourceOf(made, made.data.content.table).Properties;
      expect(content['SSESpecification']).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
      expect(resourceOf(made, made.data.content.key).Properties['EnableKeyRotation']).toBe(true);
    });

    test('keeps its place: the logical ids of what is stateful never change', () => {
      const stateful = ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret'];
      const ids = Object.entries(made.resources).filter(([, { Type }]) => stateful.includes(Type));
      expect(ids.map(([id]) => id).sort()).toEqual([
        'ContentKey02C6E783',
        'ContentTable70E6AF07',
        'KeysCursorKeyC86FEB0A',
        'KeysProviderOPENAIAPIKEY7E1D91EA',
        expect.stringMatching(/^KeysProviderazurekey/),
        'KeysTenantKeyF0CF1B2A',
        'LedgerTable9343E4AA',
        'StateTable962DE04C',
      ]);
    });

    test('of a provider is an empty secret per name, with the command that fills it', () => {
      const named = ofType(made, 'AWS::SecretsManager::Secret').filter(
        ({ Properties }) => Properties['Name'],
      );
      expect(named.map(({ Properties }) => Properties['Name'])).toEqual([
        `kt/${name}/OPENAI_API_KEY`,
        `kt/${name}/azure/key`,
      ]);
      for (const secret of named) {
        expect(secret.Properties).not.toHaveProperty('GenerateSecretString');
        expect(secret.Properties).not.toHaveProperty('SecretString');
      }
      expect(JSON.stringify(made.outputs['FillOPENAIAPIKEY'])).toContain(
        `--secret-id kt/${name}/OPENAI_API_KEY`,
      );
    });

    test('is protected with its stack where the environment says so', () => {
      expect(made.data.terminationProtection).toBe(made.environment.protected);
      expect(made.app.terminationProtection).toBe(made.environment.protected);
    });
  });

  describe('events', () => {
    test('are handed back one by one, and end in a dead letter queue that keeps them for 14 days', () => {
      const [mapping] = ofType(made, 'AWS::Lambda::EventSourceMapping');
      expect(mapping!.Properties).toMatchObject({
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BatchSize: 10,
      });
      const { trail } = made.app;
      expect(resourceOf(made, trail.deadLetters).Properties['MessageRetentionPeriod']).toBe(14 * 24 * 3600);
      expect(resourceOf(made, trail.queue).Properties).toMatchObject({
        RedrivePolicy: { maxReceiveCount: 5 },
      });
    });

    test('stay invisible for six times as long as the recorder may take', () => {
      const timeout = resourceOf(made, made.app.trail.recorder).Properties['Timeout'] as number;
      expect(resourceOf(made, made.app.trail.queue).Properties['VisibilityTimeout']).toBe(6 * timeout);
    });

    test('that are lost are looked for every minute', () => {
      const [rule] = ofType(made, 'AWS::Events::Rule');
      expect(rule!.Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    });
  });

  describe('reviews', () => {
    test('call two functions and nothing else', () => {
      const role = made.app.getLogicalId(made.app.reviews.machine.role.node.defaultChild as never);
      const policies = ofType(made, 'AWS::IAM::Policy').filter((policy) =>
        JSON.stringify(policy).includes(`"${role}"`),
      );
      const statements = policies.flatMap(
        ({ Properties }) => (Properties['PolicyDocument'] as Document).Statement,
      );
      const invoking = statements.filter((statement) =>
        actionsOf(statement).some((a) => a.startsWith('lambda:')),
      );
      expect(invoking.flatMap(({ Resource }) => [Resource].flat())).toEqual(
        [of('ReviewOpen'), of('ReviewSettle')].map((fn) => ({ 'Fn::GetAtt': [logicalId(made, fn), 'Arn'] })),
      );
      const rest = statements.filter((statement) => !invoking.includes(statement)).flatMap(actionsOf);
      expect(rest.filter((action) => !/^(logs|xray):/.test(action))).toEqual([]);
    });

    test('are traced and logged in full, without the data that holds callback tokens', () => {
      const machine = resourceOf(made, made.app.reviews.machine).Properties;
      expect(machine).toMatchObject({
        TracingConfiguration: { Enabled: true },
        LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      });
    });
  });
});

interface Document {
  readonly Statement: Statement[];
}

interface Variables {
  readonly Variables: Record<string, unknown>;
}

function allFunctions({ app }: Synthesized): Record<string, HouseFunction<never>> {
  const doors = Object.entries(app.gateways).map(([id, door]) => [id, door.function]);
  return {
    ...Object.fromEntries(doors),
    Recorder: app.trail.recorder,
    Console: app.console.function,
    ReviewOpen: app.reviews.open,
    ReviewDecide: app.reviews.decide,
    ReviewSettle: app.reviews.settle,
    Sweeper: app.sweep.sweeper,
  };
}

function logicalId(made: Synthesized, fn: HouseFunction<never>): string {
  return made.app.getLogicalId(fn.node.defaultChild as never);
}

function isWide({ Action, Resource }: Statement): boolean {
  return JSON.stringify([Action, Resource]).includes('*');
}

function leadingKeys({ Condition }: Statement): string[] {
  const condition = Condition?.['ForAllValues:StringLike'] as Record<string, string[]> | undefined;
  return condition?.['dynamodb:LeadingKeys'] ?? [];
}

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Scan'];

/** Reads items of the State table itself; tokens are in no index. */
function readsState(statement: Statement): boolean {
  const isState = JSON.stringify(statement.Resource).includes('StateTable');
  return isState && actionsOf(statement).some((action) => READS.includes(action));
}

function excepts({ Condition }: Statement): boolean {
  const condition = Condition?.['ForAllValues:StringNotLike'] as Record<string, string[]> | undefined;
  return condition?.['dynamodb:LeadingKeys']?.includes('REVT#*') ?? false;
}
