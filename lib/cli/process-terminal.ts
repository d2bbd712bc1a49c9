import type { Terminal } from './terminal.ts';

const INTERRUPTED = 130;
/** One Ctrl-C can arrive twice, from the terminal and passed on by bin/kt.js. */
const SAME_REQUEST_MS = 500;

/** The terminal of a running process. `NO_COLOR` and `FORCE_COLOR` are honoured. */
export function processTerminal(
  running: NodeJS.Process,
  product: Pick<Terminal, 'root' | 'version'>,
): Terminal {
  const { stdout, stderr, env } = running;
  const isTTY = stdout.isTTY === true;
  let ending: AbortController | undefined;
  const reloads: (() => void)[] = [];
  const readerGone = new AbortController();
  stdout.on(
    'error',
    ignoreBrokenPipe(() => readerGone.abort()),
  );
  stderr.on(
    'error',
    ignoreBrokenPipe(() => undefined),
  );
  return {
    out: (text) => void (readerGone.signal.aborted || stdout.write(`${text}\n`)),
    readerGone: readerGone.signal,
    err: (text) => void stderr.write(`${text}\n`),
    env,
    cwd: running.cwd(),
    ...product,
    isTTY,
    color: wantsColour(env, isTTY),
    columns: stdout.columns ?? 100,
    interrupted() {
      ending ??= endOnSignal(running, () => !isTTY && reloads.length > 0);
      return ending.signal;
    },
    onReload(listener) {
      if (reloads.push(listener) > 1 || isTTY) return;
      running.on('SIGHUP', () => {
        for (const reload of reloads) reload();
      });
    },
  };
}

/** A gateway goes on serving when whoever read its output has gone. */
function ignoreBrokenPipe(whenBroken: () => void): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (error.code !== 'EPIPE') throw error;
    whenBroken();
  };
}

/** The first signal asks to end, a later one does not ask. */
function endOnSignal(running: NodeJS.Process, reloads: () => boolean): AbortController {
  const ending = new AbortController();
  let first = Number.POSITIVE_INFINITY;
  const onSignal = () => {
    if (performance.now() - first > SAME_REQUEST_MS) running.exit(INTERRUPTED);
    first = Math.min(first, performance.now());
    ending.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) running.on(signal, onSignal);
  running.on('SIGHUP', () => {
    if (!reloads()) onSignal();
  });
  return ending;
}

function wantsColour(env: NodeJS.ProcessEnv, isTTY: boolean): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return isTTY && env['TERM'] !== 'dumb';
}
