import { isObject, type JsonObject } from '#core/json.ts';
import { type Assembled, callsOnWire, type ToolIds } from '../answer-parts.ts';

/** The calls of tools as this route has them. */
export function callsOf(assembled: Assembled, ids: ToolIds): JsonObject[] {
  const { tool_calls: calls } = callsOnWire(0, assembled, ids);
  return (Array.isArray(calls) ? calls : []).filter(isObject).map(({ id = null, function: fn }) => ({
    call_id: id,
    ...(isObject(fn) ? fn : {}),
  }));
}
