import type { JsonObject } from '#core/json.ts';
import type { Block, ContentBlock, Turn } from '../chat/blocks.ts';

/** Turns as the Messages API has them. */
export function toMessages(turns: readonly Turn[]): JsonObject[] {
  return turns.map(({ role, blocks }, place) => ({
    role,
    content: blocks.map((block, i) => {
      // The API refuses an answer begun by the client that ends in white space.
      const last = role === 'assistant' && place === turns.length - 1 && i === blocks.length - 1;
      return toBlock(last && block.kind === 'text' ? { ...block, text: block.text.trimEnd() } : block);
    }),
  }));
}

function toBlock(block: Block): JsonObject {
  switch (block.kind) {
    case 'call':
      return { type: 'tool_use', id: block.id, name: block.name, input: block.input };
    case 'result':
      return { type: 'tool_result', tool_use_id: block.id, content: block.content.map(toContent) };
    default:
      return toContent(block);
  }
}

export function toContent(block: ContentBlock): JsonObject {
  const { cache } = block;
  return { ...bare(block), ...(cache ? { cache_control: { type: 'ephemeral', ...cache } } : {}) };
}

function bare(block: ContentBlock): JsonObject {
  switch (block.kind) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'image': {
      const { source } = block;
      if ('url' in source) return { type: 'image', source: { type: 'url', url: source.url } };
      return { type: 'image', source: { type: 'base64', media_type: source.mediaType, data: source.base64 } };
    }
    case 'document':
      return { type: 'document', title: block.name, source: documentSource(block.source) };
  }
}

function documentSource({ mediaType, base64 }: { mediaType: string; base64: string }): JsonObject {
  if (mediaType !== 'text/plain') return { type: 'base64', media_type: mediaType, data: base64 };
  return { type: 'text', media_type: mediaType, data: Buffer.from(base64, 'base64').toString('utf8') };
}
