import type { IncomingMessage } from 'node:http';

const MAX_MS = 10_000;

/**
 * After an answer went out while the client is still sending: reads on and throws away, because many clients look at
 * the answer only after they have sent everything. After ten seconds the connection is cut.
 */
export function discardRest(incoming: IncomingMessage): void {
  if (incoming.complete || incoming.destroyed) return;
  const { socket } = incoming;
  const timer = setTimeout(() => socket.destroy(), MAX_MS);
  const stop = () => clearTimeout(timer);
  incoming.once('end', stop);
  socket.once('close', stop);
  incoming.resume();
}
