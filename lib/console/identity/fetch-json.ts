const MAX_BYTES = 256 * 1024;
const TIMEOUT_MS = 5000;

/** A document of the issuer: no redirects, no more than 256 KiB, within five seconds. Throws otherwise. */
export async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: 'application/json' },
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error('the issuer sent more than a document');
    chunks.push(chunk);
  }
  if (!response.ok) throw new Error(`the issuer answered ${response.status}`);
  return Uint8Array.from(Buffer.concat(chunks)).buffer;
}
