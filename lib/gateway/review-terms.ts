import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { ChainStep } from '#core/pack/pack.ts';

/** How a case that a policy opens is to be reviewed. */
export interface ReviewTerms {
  readonly timeoutSeconds: number;
  /** How long the client is kept waiting. */
  readonly waitSeconds: number;
  readonly onTimeout: 'reject' | 'release';
  readonly approvalsNeeded: number;
}

/** The settings of `human-oversight`, whichever policy of the chain escalated; its defaults where the chain has none. */
export function reviewTerms(chain: readonly ChainStep[]): ReviewTerms {
  const settings = settingsOf(chain.find(({ kind }) => kind === 'human-oversight'));
  const number = (name: string, otherwise: number) => {
    const value = settings[name];
    return typeof value === 'number' ? value : otherwise;
  };
  return {
    timeoutSeconds: number('timeout_seconds', 3_600),
    waitSeconds: number('wait_seconds', 0),
    onTimeout: settings['on_timeout'] === 'release' ? 'release' : 'reject',
    approvalsNeeded: number('required_approvals', 1),
  };
}

function settingsOf(step: ChainStep | undefined): JsonObject {
  const settings = step?.settings as Json | undefined;
  return isObject(settings) ? settings : {};
}
