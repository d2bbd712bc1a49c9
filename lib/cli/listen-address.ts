import { InvalidArgumentError } from 'commander';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:41002`, `:41002`, `41002`, `[::1]:41002`; without a host this machine only. Port 0 = any free one. */
export function listenAddress(text: string): ListenAddress {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]*):)?([0-9]{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match || port > 65_535) throw new InvalidArgumentError('Write host:port, e.g. 127.0.0.1:41002.');
  return { host: match[1]?.replace(/^\[|\]$/g, '') || '127.0.0.1', port };
}

/** Whether other machines can connect. */
export function isExposed({ host }: ListenAddress): boolean {
  return !(host === 'localhost' || host === '::1' || /^127\./.test(host));
}
