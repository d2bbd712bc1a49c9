/** The routes a key may be limited to: all that judge text. What a key may look up (models, usage, its reviews) is not limited. */
export const SCOPED_ROUTES: readonly string[] = [
  '/chat/completions',
  '/responses',
  '/completions',
  '/embeddings',
  '/rerank',
  '/moderations',
  '/audio/transcriptions',
  '/audio/speech',
  '/keeptrusts/dify/moderation',
];

/** The route as it is registered, of `/v1/chat/completions`, `chat/completions/` and the like; undefined = there is no such. */
export function scopedRoute(text: string): string | undefined {
  const segments = text.split('/').filter((segment) => segment !== '');
  if (segments[0] === 'v1') segments.shift();
  const route = `/${segments.join('/')}`;
  return SCOPED_ROUTES.includes(route) ? route : undefined;
}

/** What to say when there is no such route. */
export const ROUTES_HINT = `use routes of ${SCOPED_ROUTES.map((route) => (route.startsWith('/keeptrusts') ? route : `/v1${route}`)).join(', ')}`;
