import type { Log } from '#core/ports.ts';
import { type CallsServer, serveHere } from './calls-server.ts';
import { CliError, EXIT } from './cli-error.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import type { Terminal } from './terminal.ts';
import { type FromWorker, isOurs, type ToWorker } from './worker-messages.ts';

/** Serves calls as its supervisor says; resolves when it was told to stop and every call has ended. */
export async function runWorker(
  settings: GatewaySettings,
  kit: { log: Log; terminal: Terminal },
): Promise<void> {
  // Signals reach the whole group of processes; the supervisor alone acts on them.
  kit.terminal.interrupted();
  kit.terminal.onReload(() => undefined);
  process.channel?.ref();
  let server: CallsServer | undefined;
  await new Promise<void>((stopped) => {
    process.on('message', (message: unknown) => {
      if (isOurs<ToWorker>(message)) void obey(message);
    });
    async function obey(message: ToWorker): Promise<void> {
      if (message.kt === 'begin') {
        server = await begin(message, settings, kit);
        if (!server) stopped();
      } else if (message.kt === 'pack') server?.usePack(message.pack);
      else if (message.kt === 'full') server?.setFull(message.full);
      else if (message.kt === 'figures' && server)
        tell({ kt: 'figures', ask: message.ask, figures: await server.figures() });
      else if (message.kt === 'stop') {
        await server?.close(message.drainMs);
        stopped();
      }
    }
    tell({ kt: 'ready' });
  });
}

async function begin(
  { pack, full }: Extract<ToWorker, { kt: 'begin' }>,
  settings: GatewaySettings,
  kit: { log: Log; terminal: Terminal },
): Promise<CallsServer | undefined> {
  try {
    const server = await serveHere(settings, pack, kit);
    server.setFull(full);
    tell({ kt: 'listening', url: server.url });
    return server;
  } catch (error) {
    const exitCode = error instanceof CliError ? error.exitCode : EXIT.internal;
    tell({ kt: 'failed', message: error instanceof Error ? error.message : String(error), exitCode });
    return undefined;
  }
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
