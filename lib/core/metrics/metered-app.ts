import type { App } from '#core/app.ts';
import type { Metrics } from '#core/ports.ts';

/** Counts the answers of an App by status: also those that no event tells of, such as a 401. */
export function meteredApp(app: App, metrics: Metrics): App {
  return async (request, context) => {
    const response = await app(request, context);
    metrics.count('keeptrusts_http_responses_total', { status: String(response.status) });
    // Where there was a call, its event flushes.
    if (response.status >= 400) metrics.flush();
    return response;
  };
}
