import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '#cli/main.ts';
import { processTerminal } from '#cli/process-terminal.ts';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

// bin/kt.js holds the other end of this channel: without it nobody could stop this process any more.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

process.exitCode = await main(process.argv.slice(2), processTerminal(process, { root, version }));
// Idle connections to providers would keep the process for seconds. The empty write returns after all others.
process.stdout.write('', () => process.exit());
