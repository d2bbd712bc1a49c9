import { ComprehendClient, DetectPiiEntitiesCommand, type PiiEntity } from '@aws-sdk/client-comprehend';
import type { ComprehendQuestion, RemoteAnswer, RemoteFinding } from '#core/policy/remote.ts';
import { codeUnitOffsets, placeIn, type RemoteDocument, toDocuments } from '#core/policy/remote-documents.ts';
import { RemoteFailure } from '#core/policy/remote-failure.ts';
import { detectorFailure } from './detector-failure.ts';

/** A call takes 100 KB of UTF-8; a code unit has at most three bytes. */
const MAX_UNITS = 33_000;

/** `DetectPiiEntities`: names, addresses and 34 more kinds, in English and Spanish. */
export function comprehendDetector(endpoint?: string) {
  const client = new ComprehendClient({ maxAttempts: 1, ...(endpoint ? { endpoint } : {}) });
  return async ({ language, texts }: ComprehendQuestion, signal: AbortSignal): Promise<RemoteAnswer> => {
    const documents = toDocuments(texts, MAX_UNITS);
    const found = await Promise.all(
      documents.map(async (document) => {
        const command = new DetectPiiEntitiesCommand({ Text: document.text, LanguageCode: language });
        const { Entities } = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
          throw detectorFailure(error);
        });
        if (!Array.isArray(Entities)) throw new RemoteFailure('answered without a list of entities');
        return toFindings(document, Entities);
      }),
    );
    return { findings: found.flat(), scanned: texts.reduce((sum, { length }) => sum + length, 0) };
  };
}

/** Its offsets count Unicode code points. */
function toFindings(document: RemoteDocument, entities: readonly PiiEntity[]): RemoteFinding[] {
  const offset = codeUnitOffsets(document.text);
  return entities.flatMap(({ Type, Score, BeginOffset, EndOffset }) => {
    if (Type === undefined || BeginOffset === undefined || EndOffset === undefined) {
      throw new RemoteFailure('answered with an entity that has no place');
    }
    const span = { start: offset(BeginOffset), end: offset(EndOffset) };
    return placeIn(document, span).map((place) => ({ label: Type, score: Score ?? 1, ...place }));
  });
}
