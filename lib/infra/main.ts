import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { compilePrices } from '#core/cost/compile-prices.ts';
import { compilePack } from '#core/pack/compile.ts';
import { type Problem, showProblem } from '#core/pack/pack.ts';
import type { Deployment } from '#env/deployment.ts';
import type { Environment } from '#env/environment.ts';
import { loadEnvironment } from '#env/environment-folder.ts';
import { catalogue } from '#policies/catalogue.ts';
import { type Compilers, compileDeployment } from './compile-deployment.ts';
import { addStacks } from './synthesize.ts';

export interface MainProps {
  /** The project's folder. */
  readonly root: string;
  /** Builds the console page into a folder. */
  buildConsole(folder: string): Promise<void>;
  readonly err: { write(text: string): unknown };
}

/**
 * `cdk synth -c env=<name> [-c pack=<file>] [-c nag=false]`: synthesizes one environment; 1 when its file or its pack has a
 * mistake, each told in one line with its place.
 */
export async function main({ root, buildConsole, err }: MainProps): Promise<number> {
  const cdk = new App();
  const compiled = prepare(cdk, root);
  if ('problems' in compiled) {
    for (const problem of compiled.problems) err.write(`${problem}\n`);
    return 1;
  }
  const pageFolder = join(cdk.outdir, 'console');
  await buildConsole(pageFolder);
  addStacks(cdk, { ...compiled, root, pageFolder, nag: context(cdk, 'nag') !== 'false' });
  cdk.synth();
  return 0;
}

type Prepared =
  | { readonly environment: Environment; readonly deployment: Deployment }
  | { readonly problems: readonly string[] };

function prepare(cdk: App, root: string): Prepared {
  const name = context(cdk, 'env');
  try {
    const checked = loadEnvironment(join(root, 'environments'), name);
    if ('problems' in checked) return told(checked.problems);
    const source = {
      name: name ?? '',
      checked,
      root,
      version: versionOf(root),
      packFile: context(cdk, 'pack'),
    };
    const compiled = compileDeployment(source, compilers());
    if ('problems' in compiled) return told(compiled.problems);
    return { environment: checked.environment, deployment: compiled.deployment };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function compilers(): Compilers {
  return {
    pack: (text, file) => compilePack(text, file, catalogue),
    prices: (targets) => compilePrices(targets, new Date()),
  };
}

function told(problems: readonly Problem[]): Prepared {
  return { problems: problems.map(showProblem) };
}

function versionOf(root: string): string {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

function context(cdk: App, key: string): string | undefined {
  const value: unknown = cdk.node.tryGetContext(key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
