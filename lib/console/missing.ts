import { ConsoleError } from './console-error.ts';

/** A route as hono lists it: `/api/events/:id` and a method, or `ALL` for what runs before. */
interface Known {
  readonly path: string;
  readonly method: string;
}

/** Why nothing answered: the method is wrong (405 with what is allowed), or the path is (404). */
export function missing(known: readonly Known[], path: string, method: string): ConsoleError {
  const here = known.filter((route) => route.method !== 'ALL' && matches(route.path, path));
  if (!here.length)
    return new ConsoleError('not_found', 'There is nothing here. The API is under /api, the page is /.');
  const allowed = [...new Set(here.map((route) => route.method))];
  return new ConsoleError(
    'method_not_allowed',
    `${method} is not possible here; use ${allowed.join(' or ')}.`,
    {
      allow: allowed,
    },
  );
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length && wanted.every((part, i) => part.startsWith(':') || part === given[i])
  );
}
