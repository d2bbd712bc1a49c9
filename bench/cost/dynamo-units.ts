import { type Index, type Item, indexUnits, itemBytes, placeIn, readUnits, writeUnits } from './item-size.ts';

/** Sends an operation to the table behind the meter and returns its answer. */
export type Ask = (operation: string, input: object) => Promise<Answer>;

interface Answer {
  readonly Item?: Item;
  readonly Items?: readonly Item[];
  readonly Responses?: { readonly [table: string]: readonly Item[] };
  readonly Table?: TableDescription;
}

interface TableDescription {
  readonly KeySchema: readonly KeyElement[];
  readonly GlobalSecondaryIndexes?: readonly { readonly KeySchema: readonly KeyElement[] }[];
}

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

/** An operation's input, as far as money asks. */
interface Input {
  readonly TableName?: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConsistentRead?: boolean;
  readonly TransactItems?: readonly { readonly [kind: string]: Input }[];
  readonly RequestItems?: { readonly [table: string]: Input & { readonly Keys?: readonly Item[] } };
}

/** What one operation takes, per table. `stored` = bytes it left behind, indexes and DynamoDB's 100 bytes an item included. */
export interface TableUse {
  readonly table: string;
  readonly reads: number;
  readonly writes: number;
  readonly stored: number;
}

/** Overhead that DynamoDB bills for each item and each index entry. */
const ITEM_OVERHEAD = 100;
const SINGLE_WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];

/** One touched item of a write. */
interface Touched {
  readonly table: string;
  readonly key: Item;
  /** 2 in a transaction. */
  readonly factor: number;
  /** A condition that writes nothing is billed as a write of the item that stands there. */
  readonly checkOnly: boolean;
}

/** Measures operations by the items they touch: looks at them before and after. Not for parallel writes of one item. */
export function dynamoUnits(ask: Ask) {
  const tables = new Map<string, Promise<{ key: readonly string[]; indexes: readonly Index[] }>>();

  function schemaOf(TableName: string) {
    const known = tables.get(TableName) ?? ask('DescribeTable', { TableName }).then(schema);
    tables.set(TableName, known);
    return known;
  }

  async function touchedBy(operation: string, input: Input): Promise<Touched[]> {
    const steps = operation === 'TransactWriteItems' ? (input.TransactItems ?? []) : [{ [operation]: input }];
    const factor = operation === 'TransactWriteItems' ? 2 : 1;
    return Promise.all(
      steps.flatMap((step) =>
        Object.entries(step).map(async ([kind, { TableName: table = '', Item: item, Key }]) => {
          const { key } = await schemaOf(table);
          const found = Key ?? Object.fromEntries(key.map((name) => [name, item?.[name] ?? {}]));
          return { table, key: found, factor, checkOnly: kind === 'ConditionCheck' };
        }),
      ),
    );
  }

  async function look({ table, key }: Touched): Promise<Item | undefined> {
    const { Item: item } = await ask('GetItem', { TableName: table, Key: key, ConsistentRead: true });
    return item;
  }

  return {
    /** Runs an operation with `run`; its use is known when it resolves. */
    async around<T>(operation: string, input: Input, run: () => Promise<T>): Promise<[T, TableUse[]]> {
      if (!SINGLE_WRITES.includes(operation) && operation !== 'TransactWriteItems') {
        const answer = await run();
        return [answer, readsOf(input, answer as Answer)];
      }
      const touched = await touchedBy(operation, input);
      const before = await Promise.all(touched.map(look));
      const answer = await run();
      const after = await Promise.all(touched.map(look));
      const uses = touched.map(async (one, at) => {
        const { indexes } = await schemaOf(one.table);
        return writeUse(one, indexes, before[at], after[at]);
      });
      return [answer, await Promise.all(uses)];
    },
  };
}

function schema({ Table }: Answer): { key: readonly string[]; indexes: readonly Index[] } {
  const names = (elements: readonly KeyElement[], type: string) =>
    elements.find(({ KeyType }) => KeyType === type)?.AttributeName ?? '';
  return {
    key: (Table?.KeySchema ?? []).map(({ AttributeName }) => AttributeName),
    indexes: (Table?.GlobalSecondaryIndexes ?? []).map(({ KeySchema }) => ({
      partition: names(KeySchema, 'HASH'),
      sort: names(KeySchema, 'RANGE'),
    })),
  };
}

function writeUse(
  { table, factor, checkOnly }: Touched,
  indexes: readonly Index[],
  before: Item | undefined,
  after: Item | undefined,
): TableUse {
  const size = Math.max(before ? itemBytes(before) : 0, after ? itemBytes(after) : 0);
  const changed = !checkOnly && JSON.stringify(before) !== JSON.stringify(after);
  const ofIndexes = changed ? indexes.map((index) => indexUnits(index, before, after)) : [];
  return {
    table,
    reads: 0,
    writes: writeUnits(size) * factor + ofIndexes.reduce((sum, units) => sum + units, 0),
    stored: storedBytes(after, indexes) - storedBytes(before, indexes),
  };
}

function storedBytes(item: Item | undefined, indexes: readonly Index[]): number {
  if (!item) return 0;
  const places = 1 + indexes.filter((index) => placeIn(index, item) !== undefined).length;
  return places * (itemBytes(item) + ITEM_OVERHEAD);
}

function readsOf(input: Input, { Item: item, Items: items, Responses }: Answer): TableUse[] {
  const use = (table: string, reads: number) => ({ table, reads, writes: 0, stored: 0 });
  if (input.RequestItems) {
    return Object.entries(input.RequestItems).map(([table, { Keys = [], ConsistentRead = false }]) => {
      const found = Responses?.[table] ?? [];
      const units = found.reduce((sum, one) => sum + readUnits(itemBytes(one), ConsistentRead), 0);
      return use(table, units + (Keys.length - found.length) * readUnits(0, ConsistentRead));
    });
  }
  const bytes = (items ?? (item ? [item] : [])).reduce((sum, one) => sum + itemBytes(one), 0);
  return [use(input.TableName ?? '', readUnits(bytes, input.ConsistentRead ?? false))];
}
