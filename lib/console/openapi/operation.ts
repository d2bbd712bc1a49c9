import type * as z from 'zod';
import type { Role } from '../person.ts';

/** One thing that the API does, as its document says it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'patch';
  /** `/api/events/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** The weakest role that may; `anyone` needs no sign-in, `gateway` a gateway token. */
  readonly role: Role | 'anyone' | 'gateway';
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** What a `{…}` of the path must look like. */
  readonly parameters?: Readonly<Record<string, z.ZodType>>;
  readonly status?: 200 | 201;
  /** The name of the schema of its JSON answer. */
  readonly answer?: string;
  /** Media types of answers that are files. */
  readonly files?: readonly string[];
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}
