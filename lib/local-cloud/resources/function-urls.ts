import { type FunctionUrlServer, serveFunctionUrl } from '../lambda/function-url-server.ts';
import { functionNameOf } from '../lambda/invoker.ts';
import type { Runner } from '../lambda/runner.ts';
import { StartError } from '../start-error.ts';
import { declared } from '../template/declared.ts';
import type { Registry } from '../template/names.ts';

export const URL_TYPES = ['AWS::Lambda::Url'] as const;

export interface UrlsOptions {
  readonly host: string;
  readonly account: string;
  /** The port for the URL of a function; 0 = any free port. */
  port(functionName: string): number;
  runner(functionName: string): Runner;
  onFailure(line: string): void;
}

export interface ServedUrl {
  readonly functionName: string;
  readonly server: FunctionUrlServer;
}

/** Listens for every function URL; the functions may come later. Nothing stays open when one of the ports is taken. */
export async function serveUrls(registry: Registry, options: UrlsOptions): Promise<ServedUrl[]> {
  const served: ServedUrl[] = [];
  try {
    for (const { stack, logicalId, property } of declared(registry, ...URL_TYPES)) {
      const functionName = functionNameOf(String(property('TargetFunctionArn')));
      const server = await listen(functionName, options);
      served.push({ functionName, server });
      const attributes = {
        FunctionUrl: `${server.url}/`,
        FunctionArn: String(property('TargetFunctionArn')),
      };
      registry.set(stack, logicalId, { ref: attributes.FunctionArn, attributes });
    }
    return served;
  } catch (error) {
    await Promise.all(served.map(({ server }) => server.close()));
    throw error;
  }
}

async function listen(name: string, options: UrlsOptions): Promise<FunctionUrlServer> {
  const { host, account } = options;
  const port = options.port(name);
  const late = lateRunner(() => options.runner(name));
  const onFailure = (line: string) => options.onFailure(`${name}: ${line}`);
  try {
    return await serveFunctionUrl(late, { host, port, account, onFailure });
  } catch (error) {
    throw listenError(error, host, port);
  }
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE')
    return new StartError(
      `port ${port} is in use: stop what listens there, or set KT_GATEWAY_PORT or KT_CONSOLE_PORT`,
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartError(`cannot listen on ${host}: it is no address of this machine`);
  if (code === 'EACCES')
    return new StartError(`not allowed to listen on port ${port}: choose one above 1023`);
  return error;
}

function lateRunner(runner: () => Runner): Runner {
  return {
    invoke: (...args) => runner().invoke(...args),
    recycle: (environment) => runner().recycle(environment),
    close: () => runner().close(),
  };
}
