import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { listEnvironments } from '#env/environment-folder.ts';

/**
 * `npm run synth [-- <environment>…]`: synthesizes every environment, offline and without credentials, each into
 * `dist/synth/<environment>`, and ends with 1 when one has a mistake or a finding of cdk-nag without a written reason.
 */
const root = join(import.meta.dirname, '..');
const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? wanted : listEnvironments(join(root, 'environments'));

const failed = names.filter((name) => !synthesize(name));
if (failed.length > 0) console.error(`not synthesized: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;

function synthesize(name: string): boolean {
  const began = performance.now();
  const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
  const out = join('dist', 'synth', name);
  const words = [cdk, 'synth', '--quiet', '-c', `env=${name}`, '--output', out];
  // cdk.json says `node`: it shall be the Node that runs this script.
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  const { status } = spawnSync(process.execPath, words, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH },
  });
  if (status === 0) console.log(`${name}: ${out} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return status === 0;
}
