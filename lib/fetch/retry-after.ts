/**
 * The moment that `Retry-After` (RFC 9110) names, as seconds from now or as an HTTP-date in any of its three forms;
 * undefined without one, and for what is neither.
 */
export function retryAfter(value: string | undefined, now = Date.now()): Date | undefined {
  const text = value?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return new Date(now + Number(text) * 1000);
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  // The form of C's asctime names no zone, and is in GMT as the others are.
  const date = new Date(/GMT$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
