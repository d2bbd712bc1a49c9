/** CloudFormation puts the ARN of that name here (`DefinitionSubstitutions`). */
const arnOf = (name: string) => `\${${name}}`;

/** What a busy or failing Lambda service says; a function's own error is not repeated. */
const BUSY = {
  ErrorEquals: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
  ],
  IntervalSeconds: 1,
  MaxAttempts: 4,
  BackoffRate: 2,
};

/**
 * The life of a held answer. Input: `{ caseId, timeout_seconds }`; ids and states only, never text. `review-open` gets the
 * callback token; whoever decides resumes the wait with `{ state }`; without a decision in time the case expires.
 */
export const REVIEW_DEFINITION = {
  Comment: 'Keeptrusts: a held answer waits for a person',
  QueryLanguage: 'JSONata',
  StartAt: 'AwaitDecision',
  States: {
    AwaitDecision: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: {
        FunctionName: arnOf('ReviewOpen'),
        Payload: { caseId: '{% $states.input.caseId %}', token: '{% $states.context.Task.Token %}' },
      },
      TimeoutSeconds: '{% $states.input.timeout_seconds %}',
      Assign: { caseId: '{% $states.input.caseId %}' },
      Retry: [BUSY],
      Catch: [
        {
          ErrorEquals: ['States.Timeout'],
          Assign: { caseId: '{% $states.input.caseId %}' },
          Next: 'SettleExpired',
        },
        {
          ErrorEquals: ['States.ALL'],
          Assign: { caseId: '{% $states.input.caseId %}' },
          Next: 'SettleFailed',
        },
      ],
      Next: 'SettleDecided',
    },
    SettleDecided: settle('decided', { decision: '{% $states.input %}' }, { End: true }),
    SettleExpired: settle('expired', {}, { End: true }),
    SettleFailed: settle('failed', {}, { Next: 'Failed' }),
    Failed: {
      Type: 'Fail',
      Error: 'ReviewFailed',
      Cause: 'The review could not be opened; the case was closed without an answer.',
    },
  },
};

function settle(outcome: string, more: Record<string, string>, next: { End: true } | { Next: string }) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: {
      FunctionName: arnOf('ReviewSettle'),
      Payload: { caseId: '{% $caseId %}', outcome, ...more },
    },
    Output: { caseId: '{% $caseId %}', outcome },
    Retry: [BUSY, { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 3 }],
    ...next,
  };
}
