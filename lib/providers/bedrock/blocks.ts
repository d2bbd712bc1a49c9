import type { Block, Bytes, ContentBlock, Turn } from '../chat/blocks.ts';
import { cannot } from '../chat/cannot.ts';

type Shape = Record<string, unknown>;

/** Bedrock names documents of a conversation with these characters only, and each once. */
const DOCUMENT_NAME = /[^A-Za-z0-9 ()[\]-]+/g;

/** Turns as Converse has them. */
export function toMessages(turns: readonly Turn[]): Shape[] {
  const names = new Set<string>();
  return turns.map(({ role, blocks }) => {
    const content = blocks.flatMap((block) => [toBlock(block, names), ...cachePoint(block)]);
    // A document must be accompanied by words.
    const silent =
      blocks.some(({ kind }) => kind === 'document') && !blocks.some(({ kind }) => kind === 'text');
    return { role, content: silent ? [...content, { text: '.' }] : content };
  });
}

/** Converse marks what shall be cached by a block of its own behind it. */
export function cachePoint(block: Block): Shape[] {
  if (!('cache' in block) || !block.cache) return [];
  return [{ cachePoint: { type: 'default', ...block.cache } }];
}

function toBlock(block: Block, names: Set<string>): Shape {
  switch (block.kind) {
    case 'call':
      return { toolUse: { toolUseId: block.id, name: block.name, input: block.input } };
    case 'result': {
      const content = block.content.map((part) => toContent(part, names));
      return { toolResult: { toolUseId: block.id, content: content.length > 0 ? content : [{ json: {} }] } };
    }
    default:
      return toContent(block, names);
  }
}

function toContent(block: ContentBlock, names: Set<string>): Shape {
  switch (block.kind) {
    case 'text':
      return { text: block.text };
    case 'image': {
      const { source } = block;
      if ('url' in source) throw cannot('An image by its address', 'Send it as a data URL.');
      return { image: { format: source.mediaType.replace('image/', ''), source: bytesOf(source) } };
    }
    case 'document': {
      const format = block.source.mediaType === 'text/plain' ? 'txt' : 'pdf';
      return { document: { format, name: documentName(block.name, names), source: bytesOf(block.source) } };
    }
  }
}

function bytesOf({ base64 }: Bytes): Shape {
  return { bytes: new Uint8Array(Buffer.from(base64, 'base64')) };
}

function documentName(wanted: string, names: Set<string>): string {
  const plain = wanted.replace(DOCUMENT_NAME, ' ').replace(/\s+/g, ' ').trim() || 'document';
  const name = names.has(plain) ? `${plain} ${names.size + 1}` : plain;
  names.add(name);
  return name;
}
