import { describe, expect, test } from '@jest/globals';
import {
  fillTemplate,
  filterBy,
  lookUp,
  mergeAt,
  parsePath,
} from '../../../../lib/local-cloud/services/states/json-path.ts';

const scope = { input: {}, context: { Execution: { Name: 'run' } }, variables: { seen: { id: 7 } } };
const input = { a: { 'b c': [10, { d: null }] }, n: 1 };

test.each([
  ['$', input],
  ['$.n', 1],
  ["$.a['b c'][0]", 10],
  ['$["a"]["b c"][1].d', null],
  ['$$.Execution.Name', 'run'],
  ['$seen.id', 7],
  ['$.nowhere.deeper', undefined],
  ['$.a[0]', undefined],
  ['$.toString', undefined],
])('%s is followed', (path, value) => {
  expect(lookUp(path, input, scope)).toEqual(value);
});

test.each(['a.b', '$.a[*]', '$..a', '$.a[?(@.b)]', 'States.UUID()', '$.a b'])('%s is refused', (path) => {
  expect(() => parsePath(path)).toThrow('write the state in JSONata');
});

test('a template takes its paths from the input', () => {
  const template = { 'id.$': '$.n', fixed: { list: [{ 'run.$': '$$.Execution.Name' }] } };
  expect(fillTemplate(template, input, scope)).toEqual({ id: 1, fixed: { list: [{ run: 'run' }] } });
});

test('a path to nothing fails the execution', () => {
  expect(() => filterBy('$.nowhere', input, scope)).toThrow('States.ParameterPathFailure');
});

describe('a result', () => {
  test('replaces the input without ResultPath', () => {
    expect(mergeAt(undefined, { a: 1 }, 2)).toBe(2);
  });

  test('is dropped by a null ResultPath', () => {
    expect(mergeAt(null, { a: 1 }, 2)).toEqual({ a: 1 });
  });

  test('is put deep into the input', () => {
    expect(mergeAt('$.x.y', { a: 1 }, 2)).toEqual({ a: 1, x: { y: 2 } });
  });

  test('leaves the input it was given unchanged', () => {
    const before = { x: { y: 1 } };
    mergeAt('$.x.y', before, 2);
    expect(before).toEqual({ x: { y: 1 } });
  });

  test('does not fit into a list', () => {
    expect(() => mergeAt('$.x', [], 2)).toThrow('States.ResultPathMatchFailure');
  });
});
