import { createHash } from 'node:crypto';
import * as z from 'zod';

/** An attribute of a message; binary values travel as base64. */
export const MessageAttribute = z.object({
  DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/, 'must be String, Number or Binary'),
  StringValue: z.string().optional(),
  BinaryValue: z.string().optional(),
});
export type MessageAttributes = Readonly<Record<string, z.infer<typeof MessageAttribute>>>;

/** MD5 of a body, as SDKs check it. */
export function digestOfBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/**
 * MD5 of message attributes: sorted by name, each as length-prefixed name, type, transport byte and value
 * (SQS Developer Guide, "Calculating the MD5 message digest for message attributes").
 */
export function digestOfAttributes(attributes: MessageAttributes): string {
  const hash = createHash('md5');
  for (const name of Object.keys(attributes).sort()) {
    const attribute = attributes[name];
    if (!attribute) continue;
    hash.update(prefixed(Buffer.from(name))).update(prefixed(Buffer.from(attribute.DataType)));
    const binary = attribute.BinaryValue !== undefined;
    const value = binary
      ? Buffer.from(attribute.BinaryValue ?? '', 'base64')
      : Buffer.from(attribute.StringValue ?? '');
    hash.update(Buffer.of(binary ? 2 : 1)).update(prefixed(value));
  }
  return hash.digest('hex');
}

function prefixed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Bytes a message counts for: body and attributes. */
export function sizeOfMessage(body: string, attributes: MessageAttributes): number {
  let size = Buffer.byteLength(body);
  for (const [name, attribute] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType);
    size +=
      Buffer.byteLength(attribute.StringValue ?? '') +
      Buffer.byteLength(attribute.BinaryValue ?? '', 'base64');
  }
  return size;
}
