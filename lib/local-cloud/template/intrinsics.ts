/** What the names in one template stand for. Every function throws for a name it does not know. */
export interface Names {
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  imported(name: string): unknown;
  condition(name: string): boolean;
  mapped(map: string, key: string, second: string): unknown;
}

/** `{ Ref: 'AWS::NoValue' }`: the property is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, names: Names) => unknown;

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (name, names) => names.ref(text(name)),
  Condition: (name, names) => names.condition(text(name)),
  'Fn::GetAtt': (argument, names) => {
    const [id = '', ...path] = Array.isArray(argument) ? argument.map(text) : text(argument).split('.');
    return names.attribute(id, path.join('.'));
  },
  'Fn::ImportValue': (argument, names) => names.imported(text(resolve(argument, names))),
  'Fn::Join': (argument, names) => {
    const [separator, parts] = pair(argument);
    return list(resolve(parts, names)).map(text).join(text(separator));
  },
  'Fn::Split': (argument, names) => {
    const [separator, whole] = pair(argument);
    return text(resolve(whole, names)).split(text(separator));
  },
  'Fn::Select': (argument, names) => {
    const [index, from] = pair(argument);
    const chosen = list(resolve(from, names))[Number(resolve(index, names))];
    if (chosen === undefined) throw new Error(`Fn::Select: there is no element ${String(index)}`);
    return chosen;
  },
  'Fn::Sub': substitute,
  'Fn::FindInMap': (argument, names) => {
    const [map = '', key = '', second = ''] = list(resolve(argument, names)).map(text);
    return names.mapped(map, key, second);
  },
  'Fn::If': (argument, names) => {
    const [condition, yes, no] = list(argument);
    return resolve(names.condition(text(condition)) ? yes : no, names);
  },
  'Fn::Equals': (argument, names) => {
    const [left, right] = pair(resolve(argument, names));
    return text(left) === text(right);
  },
  'Fn::Not': (argument, names) => !truths(argument, names)[0],
  'Fn::And': (argument, names) => truths(argument, names).every(Boolean),
  'Fn::Or': (argument, names) => truths(argument, names).some(Boolean),
};

/** The value with every intrinsic function replaced; an unknown one throws, since guessing would hide a difference to AWS. */
export function resolve(value: unknown, names: Names): unknown {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, names)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return literal(value);

  const [[key, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && (key in INTRINSICS || key.startsWith('Fn::'))) {
    const intrinsic = INTRINSICS[key];
    if (!intrinsic) throw new Error(`the intrinsic function ${key} is not known here`);
    return intrinsic(argument, names);
  }
  const entries = Object.entries(value).map(([name, item]) => [name, resolve(item, names)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
}

function literal(value: unknown): unknown {
  if (typeof value === 'string' && value.includes('{{resolve:'))
    throw new Error(`dynamic references are not known here: ${value}`);
  return value;
}

/** `${Name}`, `${Id.Attribute}`, `${!Literal}`, with or without a map of own names. */
function substitute(argument: unknown, names: Names): unknown {
  const [pattern, own] = Array.isArray(argument) ? argument : [argument, {}];
  const values = resolve(own, names) as Record<string, unknown>;
  return text(pattern).replace(/\$\{([^}]*)\}/g, (_whole, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(values, name)) return text(values[name]);
    const dot = name.indexOf('.');
    return text(dot < 0 ? names.ref(name) : names.attribute(name.slice(0, dot), name.slice(dot + 1)));
  });
}

function truths(argument: unknown, names: Names): boolean[] {
  return list(argument).map((item) => resolve(item, names) === true);
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error(`a list is needed, this is ${JSON.stringify(value)}`);
  return value;
}

function pair(value: unknown): [unknown, unknown] {
  const [first, second] = list(value);
  return [first, second];
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`a text is needed, this is ${JSON.stringify(value)}`);
}
