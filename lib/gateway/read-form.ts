import { GatewayError } from '#core/errors.ts';
import type { Json, JsonObject } from '#core/json.ts';
import type { Attachment } from '#providers/provider.ts';

/** A name of a field as it may be repeated to the client. */
const FIELD_NAME = /^[a-z_[\]]{1,40}$/;
const MEDIA_TYPE = /^(audio|video)\/[a-z0-9.+-]{1,40}$/;
/** What the transcription models take; the provider tells the format by it. */
const EXTENSION = /\.(flac|mp3|mp4|mpeg|mpga|m4a|ogg|oga|opus|wav|webm|aac|amr)$/i;

export interface Form {
  readonly body: JsonObject;
  readonly file: Attachment;
}

/**
 * The fields of a multipart request and its one file, which stands under `file`. A field that ends in `[]` is a list. The file's
 * name is not forwarded, only its extension. Throws `invalid_request`, also for a field that is not listed.
 */
export async function readForm(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  fields: readonly string[],
): Promise<Form> {
  const body: JsonObject = {};
  let file: Attachment | undefined;
  for (const [name, value] of await parse(bytes, type)) {
    if (typeof value !== 'string') {
      if (name !== 'file' || file) throw invalid('The form takes one file, under the name "file".', 'file');
      file = await readFile(value);
    } else addField(body, name, value, fields);
  }
  if (!file) throw invalid('The form needs an audio file under the name "file".', 'file');
  return { body, file };
}

async function parse(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<FormData> {
  if (!type.toLowerCase().startsWith('multipart/form-data')) {
    throw invalid('This route takes a form: send "content-type: multipart/form-data".');
  }
  try {
    return await new Response(bytes, { headers: { 'content-type': type } }).formData();
  } catch {
    throw invalid('The request body is not a form that can be read (multipart/form-data).');
  }
}

function addField(body: JsonObject, name: string, value: string, fields: readonly string[]): void {
  const key = name.replace(/\[\]$/, '');
  if (!fields.includes(key)) {
    const shown = FIELD_NAME.test(name) ? `"${name}" ` : '';
    throw invalid(`The form has a field ${shown}that is not accepted here. Fields: ${fields.join(', ')}.`);
  }
  const known: Json | undefined = body[key];
  if (name !== key) body[key] = [...(Array.isArray(known) ? known : []), value];
  else if (known === undefined) body[key] = value;
  else throw invalid(`The form has the field "${key}" twice. Send it once.`, key);
}

async function readFile(file: File): Promise<Attachment> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.byteLength === 0) throw invalid('The file is empty.', 'file');
  const extension = EXTENSION.exec(file.name)?.[1]?.toLowerCase();
  return {
    name: extension ? `audio.${extension}` : 'audio',
    type: MEDIA_TYPE.test(file.type) ? file.type : 'application/octet-stream',
    bytes,
  };
}

function invalid(message: string, param?: string): GatewayError {
  return new GatewayError('invalid_request', message, param === undefined ? {} : { param });
}
