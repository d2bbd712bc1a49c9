/** Everything a command may touch of its surroundings, so that it can be tested without a process. */
export interface Terminal {
  /** Results: what a script reads. One or more whole lines. */
  out(text: string): void;
  /** Everything said to the person beside the result. */
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Folder of the product itself: where `kt start` finds the CDK app and keeps its state. */
  readonly root: string;
  /** Of this product, for `kt version` and for events. */
  readonly version: string;
  readonly isTTY: boolean;
  readonly color: boolean;
  readonly columns: number;
  /** Aborts when the person (or the system) asks the process to end. From the first call on, asking once does not kill. */
  interrupted(): AbortSignal;
  /** Calls back when the system asks a service to read its configuration again (SIGHUP). In a terminal that signal ends it. */
  onReload(listener: () => void): void;
  /** Aborts when nobody reads the results any more (`kt events tail | head`). Printing goes on without effect. */
  readonly readerGone: AbortSignal;
}

type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
const CODES: Readonly<Record<Colour, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** The text in a colour where the terminal shows colours. */
export function paint(terminal: Pick<Terminal, 'color'>, colour: Colour, text: string): string {
  return terminal.color ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}
