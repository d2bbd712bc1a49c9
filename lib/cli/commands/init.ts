import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { packJsonSchema } from '#core/pack/json-schema.ts';
import { catalogue } from '#policies/catalogue.ts';
import { CliError, systemCode } from '../cli-error.ts';
import { PACK_FILE } from '../pack-file.ts';
import type { Terminal } from '../terminal.ts';

const SCHEMA_FILE = 'policy-config.schema.json';

const STARTER = `# yaml-language-server: $schema=./${SCHEMA_FILE}
# A policy pack. Check it with "kt policy lint", run it with "kt gateway run".
pack:
  name: dify-gateway
  version: "1.0"

# The key is read from the environment; it is never written down here.
providers:
  - name: openai
    model: gpt-4o
    secret_key_ref:
      env: OPENAI_API_KEY

# Every call passes these in order.
policies:
  chain:
    - prompt-injection
    - pii-detector
    - safety-filter
    - quality-scorer

policy:
  prompt-injection:
    action: block
  pii-detector:
    action: redact
  safety-filter:
    action: block
  quality-scorer:
    threshold: 0.6
`;

export function addInit(program: Command, terminal: Terminal): void {
  program
    .command('init')
    .description(`write a first ${PACK_FILE} and its schema for editors; never overwrites`)
    .argument('[folder]', 'where to write (default: here)', '.')
    .action(async (folder: string) => {
      const root = resolve(terminal.cwd, folder);
      await mkdir(root, { recursive: true }).catch((error: unknown) => refuse(folder, error));
      await writeNew(join(root, PACK_FILE), STARTER, terminal);
      await writeNew(
        join(root, SCHEMA_FILE),
        `${JSON.stringify(packJsonSchema(catalogue), null, 2)}\n`,
        terminal,
      );
      const pack = relative(terminal.cwd, join(root, PACK_FILE));
      terminal.err(
        `\nNext:\n  kt policy lint ${pack}\n  OPENAI_API_KEY=… kt gateway run --policy-config ${pack}`,
      );
    });
}

async function writeNew(path: string, text: string, terminal: Terminal): Promise<void> {
  const name = relative(terminal.cwd, path);
  try {
    await writeFile(path, text, { flag: 'wx' });
    terminal.out(`${name}: written`);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') refuse(name, error);
    terminal.out(`${name}: is there already, left as it is`);
  }
}

function refuse(name: string, cause: unknown): never {
  throw new CliError(`Cannot write ${name} (${systemCode(cause) ?? String(cause)}).`, { cause });
}
