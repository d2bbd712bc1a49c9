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

/** The only thing one step hands to the next. */
const CASE = { caseId: '{% $states.input.caseId %}' };

/**
 * The life of a held answer. Input: `{ caseId, timeout_seconds }`; ids and states only, never text. `review-open` keeps the
 * callback token; whoever decides resumes the wait; without a decision in time the case expires. `AlreadyDecided` is the
 * error of `review-open` when a person was faster than this machine.
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
        Payload: { ...CASE, token: '{% $states.context.Task.Token %}' },
      },
      TimeoutSeconds: '{% $states.input.timeout_seconds %}',
      Output: CASE,
      Retry: [BUSY],
      Catch: [
        { ErrorEquals: ['AlreadyDecided'], Output: CASE, Next: 'SettleDecided' },
        { ErrorEquals: ['States.Timeout'], Output: CASE, Next: 'SettleExpired' },
        { ErrorEquals: ['States.ALL'], Output: CASE, Next: 'SettleFailed' },
      ],
      Next: 'SettleDecided',
    },
    SettleDecided: settle('decided', { End: true }),
    SettleExpired: settle('expired', { End: true }),
    SettleFailed: settle('failed', { Next: 'Failed' }),
    Failed: {
      Type: 'Fail',
      Error: 'ReviewFailed',
      Cause: 'The review could not be run to its end; the case was closed and nothing was released.',
    },
  },
};

/** `review-settle` reads the decision from the case; it is told only why it is called. */
function settle(outcome: 'decided' | 'expired' | 'failed', next: { End: true } | { Next: string }) {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: arnOf('ReviewSettle'), Payload: { ...CASE, outcome } },
    Output: { ...CASE, outcome },
    Retry: [BUSY, { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 5, MaxAttempts: 5, BackoffRate: 3 }],
    ...next,
  };
}
