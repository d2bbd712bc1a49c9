import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KeyStore } from './credentials.ts';
import type { CompilePack } from './pack-reload.ts';

/** What `kt start` was asked for. */
export interface StartOptions {
  /** The project's folder; state is kept in its `.kt`. */
  readonly root: string;
  /** Name of a file in environments/. @default dev */
  readonly environment?: string;
  /** A pack that takes the place of the environment's own and is reloaded on save. */
  readonly packFile?: string;
  /** Deletes the state of this environment first. */
  readonly fresh?: boolean;
  /** Address that the gateway and the console listen on. @default 127.0.0.1 */
  readonly listen?: string;
  /** 0 = any free port. @default KT_GATEWAY_PORT, else 41002 */
  readonly gatewayPort?: number;
  /** 0 = any free port. @default KT_CONSOLE_PORT, else 41003 */
  readonly consolePort?: number;
  /** The pack compiler with the catalogue of policies. */
  readonly compile: CompilePack;
  /** Keys and tokens in the State table, over a client that reaches the embedded DynamoDB. */
  keyStore(client: DynamoDBClient, table: string): KeyStore;
}

/** What of a terminal is needed; the CLI's own fits. */
export interface StartTerminal {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the person, or the system, asks the stack to end. */
  interrupted(): AbortSignal;
}
