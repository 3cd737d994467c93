import { Problem } from "./problem.ts";

/** The value of an environment variable without the space around it; undefined when there is none or it is empty. */
export function text(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** A value that is one of those allowed. Raises JB001 for another. */
export function oneOf<T extends string>(
  env: NodeJS.ProcessEnv,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = text(env, name);
  if (value === undefined) return undefined;
  const found = allowed.find((each) => each === value);
  if (found) return found;
  throw unusable(name, value, `use one of ${allowed.join(", ")}`);
}

/** JB001 for a value that may be repeated. */
export function unusable(name: string, value: string, hint: string): Problem {
  return new Problem({ code: "JB001", message: `${name} cannot be "${value}"`, hint });
}
