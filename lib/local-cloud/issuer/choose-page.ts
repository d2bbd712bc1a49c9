import { LOCAL_PEOPLE } from './tokens.ts';

/** Asks who somebody wants to be; `query` is the request that was checked. No script, and no password: see the README of npm start. */
export function choosePage(query: URLSearchParams): string {
  const links = Object.entries(LOCAL_PEOPLE).map(([person, role]) => {
    const next = new URLSearchParams(query);
    next.set('person', person);
    return `<li><a href="/authorize?${next.toString().replaceAll('&', '&amp;')}">${person}</a> (${role})</li>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in to the local stack</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>
<body><main><h1>Sign in to the local stack</h1><p>Everyone at this machine may be any of them.</p><ul>${links.join('')}</ul></main></body></html>`;
}
