import { ProviderFailure } from '../failure.ts';

/** The result, unless the time is over first: then `stop` is called and ProviderFailure `provider_timeout` thrown. */
export async function within<T>(work: Promise<T>, ms: number, message: string, stop: () => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      stop();
      reject(new ProviderFailure('provider_timeout', message));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
