import type { Catalogue } from '#core/policy/policy.ts';
import { auditLogger } from './audit-logger/audit-logger.ts';
import { dlpFilter } from './dlp-filter/dlp-filter.ts';
import { humanOversight } from './human-oversight/human-oversight.ts';
import { piiDetector } from './pii-detector/pii-detector.ts';
import { promptInjection } from './prompt-injection/prompt-injection.ts';
import { qualityScorer } from './quality-scorer/quality-scorer.ts';
import { safetyFilter } from './safety-filter/safety-filter.ts';

/** Every policy kind a pack may name. */
export const catalogue: Catalogue = new Map(
  [promptInjection, piiDetector, safetyFilter, dlpFilter, qualityScorer, humanOversight, auditLogger].map(
    (policy) => [policy.kind, policy],
  ),
);
