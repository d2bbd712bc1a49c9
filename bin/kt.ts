import { readFileSync } from 'node:fs';
import { main } from '#cli/main.ts';
import { processTerminal } from '#cli/process-terminal.ts';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// bin/kt.js holds the other end of this channel: without it nobody could stop this process any more.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();

process.exitCode = await main(process.argv.slice(2), processTerminal(process, manifest.version));
