/** An attribute as DynamoDB's wire has it: `{ S: 'text' }`. */
type Attribute = { readonly [type: string]: unknown };
export type Item = { readonly [name: string]: Attribute };

/**
 * Bytes of an item by DynamoDB's rule: names and values in UTF-8, numbers by their digits, three bytes for each list or map and
 * one for each of its members. docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value),
    0,
  );
}

function bytesOf(attribute: Attribute): number {
  const [[type, value] = ['NULL', true]] = Object.entries(attribute);
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(value));
    case 'N':
      return Math.ceil(String(value).replace(/[^0-9]/g, '').length / 2) + 1;
    case 'B':
      return Buffer.from(String(value), 'base64').length;
    case 'L':
      return (value as Attribute[]).reduce((sum, one) => sum + bytesOf(one) + 1, 3);
    case 'M':
      return itemBytes(value as Item) + Object.keys(value as Item).length + 3;
    case 'SS':
      return (value as string[]).reduce((sum, one) => sum + Buffer.byteLength(one), 0);
    default:
      return 1;
  }
}

/** Write units of 1 KB; a write of nothing takes one too. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

/** Read units of 4 KB, half of them where the read may be a moment behind. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

/** Key attributes of an index; all our indexes project whole items. */
export interface Index {
  readonly partition: string;
  readonly sort: string;
}

/**
 * Write units an index takes when an item changes: none while it is not in it, one write to come in, go out or change in place,
 * two to move. docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
export function indexUnits(index: Index, before: Item | undefined, after: Item | undefined): number {
  const old = before && placeIn(index, before);
  const place = after && placeIn(index, after);
  if (old === undefined && place === undefined) return 0;
  const out = old === undefined ? 0 : writeUnits(itemBytes(before ?? {}));
  const into = place === undefined ? 0 : writeUnits(itemBytes(after ?? {}));
  return old === place ? Math.max(out, into) : out + into;
}

/** Where an item stands in an index; undefined = not in it. */
export function placeIn({ partition, sort }: Index, item: Item): string | undefined {
  const [one, two] = [item[partition], item[sort]];
  return one && two ? JSON.stringify([one, two]) : undefined;
}
