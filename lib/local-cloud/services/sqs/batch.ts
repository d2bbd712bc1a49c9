import { AwsError } from '../aws-error.ts';

interface Entry {
  readonly Id: string;
}

/** The rules all batch operations share: one to ten entries with distinct ids. */
export function checkBatch(entries: readonly Entry[]): void {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the batch.');
  if (entries.length > 10) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `A batch ends at 10 entries, there are ${entries.length}.`,
    );
  }
  if (new Set(entries.map((entry) => entry.Id)).size < entries.length) {
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two entries of the batch have the same Id.');
  }
}

/** What a batch operation answers. */
export interface BatchAnswer {
  readonly Successful: object[];
  readonly Failed: object[];
}

/** Does each entry on its own: one refusal does not fail the others. */
export async function eachEntry<E extends Entry>(
  entries: readonly E[],
  act: (entry: E) => Promise<object>,
): Promise<BatchAnswer> {
  checkBatch(entries);
  const answer: BatchAnswer = { Successful: [], Failed: [] };
  for (const entry of entries) {
    try {
      answer.Successful.push({ Id: entry.Id, ...(await act(entry)) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      answer.Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return answer;
}
