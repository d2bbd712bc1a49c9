import {
  ApplyGuardrailCommand,
  type ApplyGuardrailResponse,
  BedrockRuntimeClient,
  type GuardrailAssessment,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { GuardrailQuestion, RemoteAnswer, RemoteFinding } from '#core/policy/remote.ts';
import { placeIn, type RemoteDocument, toDocuments } from '#core/policy/remote-documents.ts';
import { RemoteFailure } from '#core/policy/remote-failure.ts';
import { detectorFailure } from './detector-failure.ts';

/** 25 text units of 1,000 characters: what one call takes with the default quotas. */
const MAX_UNITS = 25_000;

/** How sure it says it is, as a number. */
const CONFIDENCE: Readonly<Record<string, number>> = { NONE: 0, LOW: 0.34, MEDIUM: 0.67, HIGH: 1 };

/** `ApplyGuardrail`: judges texts by a guardrail of the account, without any model of Bedrock being called. */
export function guardrailDetector(endpoint?: string) {
  const client = new BedrockRuntimeClient({
    maxAttempts: 1,
    // Its default is HTTP/2, which only its two-way streams need.
    requestHandler: new NodeHttpHandler(),
    ...(endpoint ? { endpoint } : {}),
  });
  return async (question: GuardrailQuestion, signal: AbortSignal): Promise<RemoteAnswer> => {
    const documents = toDocuments(question.texts, MAX_UNITS);
    const answers = await Promise.all(
      documents.map(async (document) => {
        const command = new ApplyGuardrailCommand({
          guardrailIdentifier: question.id,
          guardrailVersion: question.version,
          source: question.source,
          content: [{ text: { text: document.text } }],
        });
        const response = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
          throw detectorFailure(error);
        });
        return readAnswer(document, response);
      }),
    );
    return {
      findings: answers.flatMap(({ findings }) => findings),
      scanned: answers.reduce((sum, { scanned }) => sum + scanned, 0),
    };
  };
}

function readAnswer(document: RemoteDocument, response: ApplyGuardrailResponse): RemoteAnswer {
  const { action, assessments, guardrailCoverage } = response;
  if ((action !== 'NONE' && action !== 'GUARDRAIL_INTERVENED') || !Array.isArray(assessments)) {
    throw new RemoteFailure('answered without an assessment');
  }
  const findings = assessments.flatMap((assessment) => toFindings(document, assessment));
  // It stopped the text for a reason this version cannot read: nothing may go on as if it had said nothing.
  if (action === 'GUARDRAIL_INTERVENED' && findings.length === 0) {
    findings.push({ label: 'other', score: 1, flagged: true, text: document.pieces[0]?.text ?? 0 });
  }
  return { findings, scanned: guardrailCoverage?.textCharacters?.guarded ?? document.text.length };
}

function toFindings(document: RemoteDocument, assessment: GuardrailAssessment): RemoteFinding[] {
  const { contentPolicy, topicPolicy, wordPolicy, sensitiveInformationPolicy } = assessment;
  const text = document.pieces[0]?.text ?? 0;
  const whole = (label: string, score = 1): RemoteFinding => ({ label, score, flagged: true, text });
  return [
    ...(contentPolicy?.filters ?? [])
      .filter(isDetected)
      .map(({ type, confidence }) => whole(`content.${type}`, CONFIDENCE[confidence ?? ''] ?? 1)),
    ...(topicPolicy?.topics ?? []).filter(isDetected).map(({ name }) => whole(`topic.${name}`)),
    ...(wordPolicy?.customWords ?? []).filter(isDetected).map(() => whole('word.custom')),
    ...(wordPolicy?.managedWordLists ?? []).filter(isDetected).map(({ type }) => whole(`word.${type}`)),
    ...(sensitiveInformationPolicy?.piiEntities ?? [])
      .filter(isDetected)
      .flatMap(({ type, match }) => everywhere(document, match, `pii.${type}`)),
    ...(sensitiveInformationPolicy?.regexes ?? [])
      .filter(isDetected)
      .flatMap(({ name, match }) => everywhere(document, match, `regex.${name}`)),
  ];
}

/** What it only measured is no finding; a guardrail in detect mode detects and does nothing. */
function isDetected({
  detected,
  action,
}: {
  detected?: boolean | undefined;
  action: string | undefined;
}): boolean {
  return detected ?? action !== 'NONE';
}

/** It says what it found and not where, so every place of it counts. Without one the text as a whole does. */
function everywhere(document: RemoteDocument, match: string | undefined, label: string): RemoteFinding[] {
  const places: RemoteFinding[] = [];
  if (match) {
    let at = document.text.indexOf(match);
    for (; at >= 0; at = document.text.indexOf(match, at + match.length)) {
      const found = placeIn(document, { start: at, end: at + match.length });
      places.push(...found.map((place) => ({ label, score: 1, flagged: true, ...place })));
    }
  }
  const text = document.pieces[0]?.text ?? 0;
  return places.length > 0 ? places : [{ label, score: 1, flagged: true, text }];
}
