import type { RelayedRoute } from '../relay.ts';
import { chat } from './chat.ts';
import { completions } from './completions.ts';
import { embeddings } from './embeddings.ts';
import { moderations } from './moderations.ts';
import { rerank } from './rerank.ts';
import { responses } from './responses.ts';
import { speech } from './speech.ts';
import { transcriptions } from './transcriptions.ts';

/** Every route that calls a model. Default deny: there is no other way to a provider. */
export const MODEL_ROUTES: readonly RelayedRoute[] = [
  chat,
  responses,
  completions,
  embeddings,
  rerank,
  moderations,
  transcriptions,
  speech,
];
