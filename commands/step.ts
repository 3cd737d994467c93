/**
 * Runs one step of a command and prints a line for it: its label, what it says of its outcome, and the time it
 * took. On a terminal the label stands there while the step runs, with what it reports of its progress.
 */
export async function step<T>(
  label: string,
  work: (report: (progress: string) => void) => Promise<T>,
  outcome: (result: T) => string,
): Promise<T> {
  const started = performance.now();
  const line = `  ${label.padEnd(12)}`;
  const report = (progress: string) => {
    if (process.stdout.isTTY) rewrite(`${line}${progress}`);
  };
  report("…");
  try {
    const result = await work(report);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    rewrite(`${line}${outcome(result)} (${seconds} s)\n`);
    return result;
  } catch (error) {
    rewrite(`${line}failed\n`);
    throw error;
  }
}

/** Prints a line as of a step that takes no time. */
export function note(label: string, outcome: string): void {
  rewrite(`  ${label.padEnd(12)}${outcome}\n`);
}

function rewrite(text: string): void {
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}` : text);
}

/** "1 file", "2 files". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
