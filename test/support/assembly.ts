// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes its references so
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fixture = join(__dirname, '../fixtures/functions');
const tag = (component: string) => [{ Key: 'keeptrusts:component', Value: component }];
const table = { KeySchema: keys('pk', 'sk'), AttributeDefinitions: ['pk', 'sk'].map(attribute) };

function keys(pk: string, sk: string) {
  return [
    { AttributeName: pk, KeyType: 'HASH' },
    { AttributeName: sk, KeyType: 'RANGE' },
  ];
}

function attribute(AttributeName: string) {
  return { AttributeName, AttributeType: 'S' };
}

function lambda(handler: string, component: string, more: Record<string, unknown> = {}) {
  const { Variables = {}, ...rest } = more as { Variables?: Record<string, unknown> };
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'b', S3Key: 'rows.zip' },
      Handler: `index.${handler}`,
      Timeout: 20,
      MemorySize: 256,
      Tags: tag(component),
      Environment: { Variables: { STATE_TABLE: { 'Fn::ImportValue': 'data:state' }, ...Variables } },
      ...rest,
    },
  };
}

function url(of: string) {
  return {
    Type: 'AWS::Lambda::Url',
    Properties: {
      AuthType: 'NONE',
      InvokeMode: 'RESPONSE_STREAM',
      TargetFunctionArn: { 'Fn::GetAtt': [of, 'Arn'] },
    },
  };
}

const dataTemplate = {
  Resources: {
    State: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        ...table,
        AttributeDefinitions: ['pk', 'sk', 'lookup', 'due_key', 'due_at'].map(attribute),
        GlobalSecondaryIndexes: [
          { IndexName: 'byId', KeySchema: keys('lookup', 'sk'), Projection: { ProjectionType: 'ALL' } },
          { IndexName: 'byDue', KeySchema: keys('due_key', 'due_at'), Projection: { ProjectionType: 'ALL' } },
        ],
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        Replicas: [{ Region: 'us-east-1' }],
      },
    },
    Key: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'kt/test/OPENAI_API_KEY' } },
    Tenant: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: { GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 64 } },
    },
    Ring: { Type: 'AWS::KMS::Key' },
  },
  Outputs: {
    State: { Value: { Ref: 'State' }, Export: { Name: 'data:state' } },
    Key: { Value: { Ref: 'Key' }, Export: { Name: 'data:key' } },
    Tenant: { Value: { Ref: 'Tenant' }, Export: { Name: 'data:tenant' } },
  },
};

const appTemplate = {
  Resources: {
    Events: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 2,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1209600 } },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'kt-test' } },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        DefinitionString: JSON.stringify({
          QueryLanguage: 'JSONata',
          StartAt: 'Ask',
          States: { Ask: { Type: 'Task', Resource: '${Ask}', End: true } },
        }),
        DefinitionSubstitutions: { Ask: { 'Fn::GetAtt': ['Recorder', 'Arn'] } },
      },
    },
    Gateway: lambda('environmentUrl', 'gateway', {
      Variables: {
        EVENT_QUEUE_URL: { Ref: 'Events' },
        EVENT_BUS: { Ref: 'Bus' },
        EVENT_BUS_ARN: { 'Fn::GetAtt': ['Bus', 'Arn'] },
        REVIEW_MACHINE_ARN: { Ref: 'Machine' },
        SECRET_ARNS: { 'Fn::Join': ['', ['{"OPENAI_API_KEY":"', { 'Fn::ImportValue': 'data:key' }, '"}']] },
        TENANT_KEY_ARN: { 'Fn::ImportValue': 'data:tenant' },
        CONSOLE_URL: { 'Fn::GetAtt': ['ConsoleUrl', 'FunctionUrl'] },
      },
    }),
    GatewayUrl: url('Gateway'),
    Own: lambda('environmentUrl', 'gateway', { Variables: { DEDICATED_APP: 'bot' } }),
    OwnUrl: url('Own'),
    Console: lambda('bufferedUrl', 'console'),
    ConsoleUrl: url('Console'),
    Recorder: lambda('recorder', 'audit-trail', { Variables: { NOTE: 'recorder' } }),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        BatchSize: 10,
        EventSourceArn: { 'Fn::GetAtt': ['Events', 'Arn'] },
        FunctionName: { Ref: 'Recorder' },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
    EveryMinute: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ScheduleExpression: 'rate(1 minute)',
        State: 'ENABLED',
        Targets: [{ Arn: { 'Fn::GetAtt': ['Recorder', 'Arn'] }, Id: 't' }],
      },
    },
    Role: { Type: 'AWS::IAM::Role' },
  },
};

/** Writes a small cloud assembly, in the form CDK gives it, whose functions are those of test/fixtures/functions/rows. */
export function writeAssembly(folder: string, environment: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (file: string, content: unknown) =>
    writeFileSync(join(folder, file), JSON.stringify(content));
  const names = [`kt-${environment}-data`, `kt-${environment}-app`] as const;
  const artifacts = Object.fromEntries(
    names.map((name) => [
      name,
      {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/eu-central-1',
        properties: { templateFile: `${name}.template.json` },
      },
    ]),
  );
  write('manifest.json', { version: '55.0.0', artifacts });
  write(`${names[0]}.template.json`, dataTemplate);
  write(`${names[1]}.template.json`, appTemplate);
  const source = { path: join(fixture, 'rows'), packaging: 'zip' };
  const destinations = { here: { bucketName: 'b', objectKey: 'rows.zip' } };
  write(`${names[1]}.assets.json`, { version: '55.0.0', files: { rows: { source, destinations } } });
}
