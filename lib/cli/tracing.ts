import type { Log } from '#core/ports.ts';
import type { SpanExporter } from '#local/span-exporter.ts';
import { CliError } from './cli-error.ts';
import type { Terminal } from './terminal.ts';

/** Where spans go, by OpenTelemetry's own variables; undefined = no collector is named, and nothing is loaded. */
export async function openTracing({
  log,
  terminal,
}: {
  log: Log;
  terminal: Terminal;
}): Promise<SpanExporter | undefined> {
  const { env, version } = terminal;
  const url = collectorOf(env);
  if (!url || env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return undefined;
  const { startSpanExporter } = await import('#local/span-exporter.ts');
  const attributes = {
    ...pairsOf('OTEL_RESOURCE_ATTRIBUTES', env),
    'service.name': env['OTEL_SERVICE_NAME']?.trim() || 'keeptrusts-gateway',
    'service.version': version,
  };
  const headers = pairsOf('OTEL_EXPORTER_OTLP_HEADERS', env);
  return startSpanExporter({ url, headers, resource: { attributes, version }, log });
}

type Env = Terminal['env'];

function collectorOf(env: Env): URL | undefined {
  const own = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']?.trim();
  const common = env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim();
  if (!own && !common) return undefined;
  const protocol = (env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? env['OTEL_EXPORTER_OTLP_PROTOCOL'])?.trim();
  if (protocol && protocol !== 'http/json')
    throw new CliError(
      `Spans are sent as http/json; set OTEL_EXPORTER_OTLP_PROTOCOL to that, not ${protocol}.`,
    );
  const url = URL.parse(own || `${common?.replace(/\/+$/, '')}/v1/traces`);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new CliError('OTEL_EXPORTER_OTLP_ENDPOINT must be an http address, such as http://127.0.0.1:4318.');
}

/** `key=value,key=value`, percent-encoded. */
function pairsOf(variable: string, env: Env): Record<string, string> {
  const pairs = (env[variable] ?? '').split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new CliError(`${variable} must be key=value,key=value.`);
      return [pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
