import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { CliError, EXIT } from '../cli-error.ts';
import { adviceFor } from '../dify/advice.ts';
import { type CheckResult, checksFor, MODERATION_CHECK, type Models, runCheck } from '../dify/checks.ts';
import { findGateway, type Gateway } from '../dify/find-gateway.ts';
import { asText, llmForm, type Mode, otherForm } from '../dify/form.ts';
import { paint, type Terminal } from '../terminal.ts';

interface Options {
  readonly url?: string;
  readonly outputs?: string;
  readonly keyFile?: string;
  readonly model?: string;
  readonly mode: Mode;
  readonly embedding?: string;
  readonly rerank?: string;
}

const KEY_VARIABLE = 'KEEPTRUSTS_APP_KEY';
const EXAMPLES = `
Examples:
  kt dify setup                                            the stack or gateway that runs here
  KEEPTRUSTS_APP_KEY=kt_live_… kt dify setup --url https://abc.lambda-url.eu-central-1.on.aws
  kt dify setup --outputs cdk-outputs.json --key-file key.txt --embedding text-embedding-3-small

The key comes from --key-file (/dev/stdin works), ${KEY_VARIABLE}, or the local stack, and is never shown. The checks are the requests
that Dify makes when a model is saved; each asks the provider for at most 16 tokens.`;

export function addDifySetup(dify: Command, terminal: Terminal): void {
  dify
    .command('setup')
    .description("print the values for Dify's form and try them the way Dify will")
    .option('--url <url>', 'the gateway, as Dify will reach it; /a/<app> at its end binds it to an app')
    .option('--outputs <file>', 'the gateway in what cdk deploy --outputs-file wrote')
    .option('--key-file <file>', 'file with the app key')
    .option('--model <name>', 'model of the entry (default: the first the key may use)')
    .addOption(
      new Option('--mode <mode>', "Dify's completion mode").choices(['chat', 'completion']).default('chat'),
    )
    .option('--embedding <name>', 'a model for knowledge bases, too')
    .option('--rerank <name>', 'a model for ranking, too')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => setUp(options, terminal));
}

async function setUp(options: Options, terminal: Terminal): Promise<void> {
  const gateway = await findGateway(options, terminal);
  const key = await keyFor(options, gateway, terminal);
  const model = options.model ?? (key && (await firstModel(gateway, key))) ?? 'gpt-4o';
  showForm(gateway, { ...options, model }, terminal);
  if (!key) {
    terminal.err(
      `Not checked: no key. Give one with --key-file or ${KEY_VARIABLE}, and this tries what Dify will try.`,
    );
    return;
  }
  const results: CheckResult[] = [];
  const base = `${gateway.url}/v1`;
  for (const check of checksFor({ ...options, model })) results.push(await runCheck(base, check, key));
  const extension = await runCheck(gateway.url, MODERATION_CHECK, key);
  terminal.out(
    `\nWhat Dify will see${key.startsWith('kt_live_') ? '' : ' (the key is not an app key of ours: a gateway without apps takes that of its provider)'}`,
  );
  for (const result of [...results, extension]) terminal.out(asLine(result, terminal));
  const failed = results.filter(({ says }) => says !== undefined);
  if (failed.length === 0) return;
  const exitCode = failed.every(({ status }) => status === undefined) ? EXIT.unreachable : EXIT.check;
  throw new CliError(
    `${failed.length} of ${results.length} checks failed: Dify would not save this model as it is.`,
    { exitCode },
  );
}

async function keyFor(
  { keyFile }: Options,
  { key }: Gateway,
  { cwd, env }: Terminal,
): Promise<string | undefined> {
  const given =
    keyFile === undefined
      ? env[KEY_VARIABLE]
      : await readFile(resolve(cwd, keyFile), 'utf8').catch(unreadable);
  const word = given?.trim() || key;
  if (word === undefined || /^[\x21-\x7e]{1,500}$/.test(word)) return word;
  throw new CliError('The key must be one word without spaces.');
}

function unreadable(cause: unknown): never {
  throw new CliError('The file of --key-file cannot be read.', { cause });
}

const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) });

async function firstModel({ url }: Gateway, key: string): Promise<string | undefined> {
  try {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${url}/v1/models`, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    });
    return ModelList.parse(await response.json()).data[0]?.id;
  } catch {
    // The checks say what is wrong.
    return undefined;
  }
}

function showForm(
  { url, what }: Gateway,
  { model, mode, embedding, rerank }: Models,
  terminal: Terminal,
): void {
  const base = `${url}/v1`;
  terminal.out(`Dify: Settings → Model Providers → OpenAI-API-compatible → Add Model, for ${what}\n`);
  terminal.out(asText(llmForm(base, model, mode)));
  if (embedding) terminal.out(`\n${asText(otherForm(base, embedding, 'Text Embedding'))}`);
  if (rerank) terminal.out(`\n${asText(otherForm(base, rerank, 'Rerank'))}`);
  terminal.out(
    `\nModeration (optional): Settings → API Extension, ${url}${MODERATION_CHECK.path}, the same key`,
  );
  const { protocol, hostname, port } = new URL(url);
  if (/^(127\.|localhost$|\[::1\]$)/.test(hostname))
    terminal.out(
      `\nFrom Dify in Docker this machine is http://host.docker.internal:${port || 80}/v1; on Linux that needs extra_hosts\n"host.docker.internal:host-gateway" at the services plugin_daemon and api, and a gateway that listens on more than 127.0.0.1.`,
    );
  else if (protocol === 'http:')
    terminal.err('The key and every prompt go over this network unencrypted: put TLS in front of it.');
}

function asLine(result: CheckResult, terminal: Terminal): string {
  const { name, status, says, ms } = result;
  if (says === undefined) return `  ${paint(terminal, 'green', 'ok')}      ${name}  ${status}  ${ms} ms`;
  return `  ${paint(terminal, 'red', 'failed')}  ${name}\n          Dify says: ${says}\n          do: ${adviceFor(result)}`;
}
