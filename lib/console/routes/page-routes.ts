import { Hono } from 'hono/tiny';
import type { Page, PageFile } from '../web-assets.ts';

/** The page and its two files; revalidated on each load, so that a deployment is seen at once. */
export function pageRoutes(page: Page): Hono {
  const app = new Hono();
  for (const [path, file] of page) {
    app.get(path, (c) => fileResponse(file, c.req.header('if-none-match')));
  }
  return app;
}

function fileResponse({ body, type, etag }: PageFile, known: string | undefined): Response {
  const headers = { 'content-type': type, 'cache-control': 'no-cache', etag };
  return known === etag ? new Response(null, { status: 304, headers }) : new Response(body, { headers });
}
