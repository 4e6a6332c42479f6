/** Milliseconds. */
export interface BackoffPolicy {
  readonly first: number;
  readonly longest: number;
  /** A provider that asks for a longer wait than this is not waited for. */
  readonly longestRetryAfter: number;
}

export const defaultBackoffPolicy: BackoffPolicy = { first: 200, longest: 5_000, longestRetryAfter: 10_000 };

/**
 * Milliseconds to wait before attempt `attempt + 1`: full jitter, between 0 and `first` doubled for each attempt already
 * made (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). Where the provider named a time
 * (`retryAfter`, milliseconds) the wait is that and up to `first` more, so that the calls it refused do not all come
 * back at once.
 */
export function backoffDelay(
  attempt: number,
  retryAfter: number | undefined,
  random: () => number,
  policy: BackoffPolicy,
): number {
  if (retryAfter !== undefined) return retryAfter + random() * policy.first;
  return random() * Math.min(policy.longest, policy.first * 2 ** Math.min(attempt - 1, 30));
}
