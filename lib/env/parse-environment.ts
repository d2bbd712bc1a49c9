import { checkPart } from '#core/pack/explain-issue.ts';
import type { Problem } from '#core/pack/pack.ts';
import { type Path, readYaml } from '#core/pack/yaml-source.ts';
import { Environment } from './environment.ts';

export type ParsedEnvironment = CheckedEnvironment | { readonly problems: Problem[] };

export interface CheckedEnvironment {
  readonly environment: Environment;
  /** A problem that shows only later (a pack that is not there), at its line of the file. */
  problemAt(path: Path, message: string): Problem;
}

/** Reads the text of an environment file: complete, or every mistake with its line. `file` is only used in messages. */
export function parseEnvironment(text: string, file: string): ParsedEnvironment {
  const read = readYaml(text, file);
  if ('problems' in read) return read;
  const checked = checkPart(Environment, read.source.data, read.source);
  if ('problems' in checked) return { problems: checked.problems.sort((a, b) => a.line - b.line) };
  const problemAt: CheckedEnvironment['problemAt'] = (path, message) =>
    read.source.problem('E006', path, message);
  return { environment: checked.value, problemAt };
}
