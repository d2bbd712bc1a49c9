import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { listEnvironments } from '#env/environment-folder.ts';
import { ROOT, type Synthesized, synthesized } from './synthesized.ts';

describe('the AWS Solutions rules', () => {
  test.each(listEnvironments(join(ROOT, 'environments')))(
    'find nothing in %s that has no written reason',
    (name) => {
      expect(findings(synthesized(name))).toEqual([]);
    },
    120_000,
  );

  test('find a queue that takes messages without TLS', () => {
    const made = synthesized('dev', { spoil: ({ app }) => void new Queue(app, 'Careless') });
    expect(findings(made)).toContain('AwsSolutions-SQS4');
  }, 120_000);
});

/** What is wrong and nobody has acknowledged. */
function findings({ app }: Synthesized): string[] {
  const report = new AwsSolutionsChecks(app.node.root).validateScope(app.node.root);
  return report.violations.map(({ ruleName }) => ruleName);
}
