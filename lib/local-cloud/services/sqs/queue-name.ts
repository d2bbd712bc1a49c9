/** Name of a queue, from its URL (or the bare name). */
export function queueName(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
