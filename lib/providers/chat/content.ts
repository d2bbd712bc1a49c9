import { isObject, type Json, type JsonObject } from '#core/json.ts';
import type { Bytes, ContentBlock, TextBlock } from './blocks.ts';
import { cannot } from './cannot.ts';

const DATA_URL = /^data:([a-z]+\/[a-z0-9.+-]+)(?:;[^,;]*)*;base64,([a-z0-9+/=\s]*)$/i;
const IMAGE = /^image\/(png|jpeg|gif|webp)$/;
const DOCUMENT = /^(application\/pdf|text\/plain)$/;

/** The content of a message: a text, or a list of parts. Empty texts are left out: these wires refuse them. */
export function readContent(content: Json | undefined): ContentBlock[] {
  if (typeof content === 'string') return text(content);
  if (!Array.isArray(content)) return [];
  return content.flatMap((part) =>
    isObject(part) ? readPart(part).map(cachedAs(part['cache_control'])) : [],
  );
}

/** The words of a content alone. */
export function readTexts(content: Json | undefined): TextBlock[] {
  return readContent(content).filter((block) => block.kind === 'text');
}

function cachedAs(control: Json | undefined): (block: ContentBlock) => ContentBlock {
  if (!isObject(control) || control['type'] !== 'ephemeral') return (block) => block;
  const { ttl } = control;
  return (block) => ({ ...block, cache: ttl === '5m' || ttl === '1h' ? { ttl } : {} });
}

function readPart(part: JsonObject): ContentBlock[] {
  switch (part['type']) {
    case 'text':
      return text(part['text']);
    case 'refusal':
      return text(part['refusal']);
    case 'image_url':
      return [image(part['image_url'])];
    case 'file':
      return [file(part['file'])];
    default:
      throw cannot(
        `A message part of type "${String(part['type']).slice(0, 40)}"`,
        'Send text, images or PDF.',
      );
  }
}

function text(value: Json | undefined): ContentBlock[] {
  return typeof value === 'string' && value !== '' ? [{ kind: 'text', text: value }] : [];
}

function image(value: Json | undefined): ContentBlock {
  const url = isObject(value) ? value['url'] : value;
  if (typeof url !== 'string') throw cannot('An image without a URL', 'Send "image_url": {"url": "data:…"}.');
  if (url.startsWith('https://')) return { kind: 'image', source: { url } };
  const bytes = dataUrl(url);
  if (bytes && IMAGE.test(bytes.mediaType)) return { kind: 'image', source: bytes };
  throw cannot('This kind of image', 'Send PNG, JPEG, GIF or WebP as a data URL.');
}

function file(value: Json | undefined): ContentBlock {
  const { file_data, filename } = isObject(value) ? value : {};
  const bytes = typeof file_data === 'string' ? dataUrl(file_data) : undefined;
  if (!bytes || !DOCUMENT.test(bytes.mediaType)) {
    throw cannot('This kind of file', 'Send a PDF or plain text in "file_data" as a data URL.');
  }
  const name = typeof filename === 'string' && filename !== '' ? filename : 'document';
  return { kind: 'document', source: bytes, name: name.slice(0, 200) };
}

function dataUrl(url: string): Bytes | undefined {
  const match = DATA_URL.exec(url);
  const [, type, base64] = match ?? [];
  if (type === undefined || base64 === undefined) return undefined;
  const mediaType = type.toLowerCase().replace('image/jpg', 'image/jpeg');
  return { mediaType, base64: base64.replace(/\s/g, '') };
}
