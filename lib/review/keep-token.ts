import { OpenMessage } from './messages.ts';
import type { ReviewPorts } from './ports.ts';
import { wake } from './wake.ts';

/**
 * The state machine waits from here on: keeps its callback token with the case. A decision that was faster than the
 * machine is told at once. Throws when the case is unknown, so that the machine ends instead of waiting for nobody.
 */
export async function keepToken(
  ports: Pick<ReviewPorts, 'desk' | 'flow' | 'log'>,
  message: unknown,
): Promise<void> {
  const { caseId, token } = OpenMessage.parse(message);
  await ports.desk.keepToken(caseId, token);
  // Read after the write: whoever decides reads the token after deciding, so one of the two sees the other.
  const held = await ports.desk.get(caseId);
  if (!held) throw new Error(`review case ${caseId} does not exist`);
  if (held.decision) await wake(ports, caseId, held.decision.state);
}
