import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { filesOf, hashInputs } from './input-hash.ts';
import { StartError } from './start-error.ts';

export interface SynthOptions {
  /** The project's folder. */
  readonly root: string;
  readonly environment: string;
  /** A pack that takes the place of the environment's own. */
  readonly packFile?: string;
  readonly signal?: AbortSignal;
}

/** Where `cdk synth` writes too, so that what runs is what would be deployed. */
const OUT = 'cdk.out';
const STAMP = 'kt-start.json';

/**
 * Synthesizes an environment into `cdk.out` unless what is there was made from the same inputs and is untouched. Returns the
 * folder and whether it was made anew; rejects with the app's own words when the app refuses.
 */
export async function synthesize(options: SynthOptions): Promise<{ folder: string; fresh: boolean }> {
  const folder = join(options.root, OUT);
  const inputs = inputsOf(options);
  if (readStamp(folder) === stampOf(inputs, folder)) return { folder, fresh: false };

  rmSync(folder, { recursive: true, force: true });
  await runApp(options, folder);
  writeFileSync(join(folder, STAMP), JSON.stringify({ stamp: stampOf(inputs, folder) }));
  return { folder, fresh: true };
}

function inputsOf({ root, environment, packFile }: SynthOptions): string {
  const pack = packFile === undefined ? '' : readPack(resolve(root, packFile));
  return hashInputs(root, { environment, pack, packFile: packFile ?? '', node: process.version });
}

function readPack(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StartError(`there is no pack ${path}`, { cause });
  }
}

/** Binds the inputs to what was made of them: another `cdk synth` into the same folder does not pass for ours. */
function stampOf(inputs: string, folder: string): string {
  const hash = createHash('sha256').update(inputs);
  for (const file of filesOf(folder)) {
    if (file.endsWith('manifest.json') || file.endsWith('.template.json')) hash.update(readFileSync(file));
    else if (/asset\.[0-9a-f]+[/\\]index\.mjs$/.test(file)) hash.update(file);
  }
  return hash.digest('hex');
}

function readStamp(folder: string): string | undefined {
  const path = join(folder, STAMP);
  if (!existsSync(path)) return undefined;
  try {
    return String((JSON.parse(readFileSync(path, 'utf8')) as { stamp?: unknown }).stamp);
  } catch {
    return undefined;
  }
}

/** The CDK app without the CDK CLI: the two variables are all that the CLI would tell it. */
async function runApp({ root, environment, packFile, signal }: SynthOptions, folder: string): Promise<void> {
  const { context = {} } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context?: object };
  const own = {
    env: environment,
    'aws:cdk:enable-asset-metadata': true,
    // The rules of cdk-nag guard deployments; here they would only cost time.
    nag: 'false',
    ...(packFile !== undefined && { pack: packFile }),
  };
  const child = spawn(process.execPath, ['--no-warnings', 'bin/app.ts'], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...own }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const [code, out, err] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new StartError((err || out).trim() || `bin/app.ts ended with exit code ${code}`);
}
