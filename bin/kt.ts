import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadFamilies } from '#cli/load-families.ts';
import { main } from '#cli/main.ts';
import { processTerminal } from '#cli/process-terminal.ts';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

// bin/kt.js holds the other end of this channel: without it nobody could stop this process any more.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

const terminal = processTerminal(process, { root, version });
process.exitCode = await main(process.argv.slice(2), terminal, loadFamilies);
// Idle connections to providers would keep the process for seconds. The empty write returns after all others.
process.stdout.write('', () => process.exit());
