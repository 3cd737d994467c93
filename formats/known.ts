/** A T without the keys that turned out undefined: a record leaves out what it does not know. Those that T requires cannot be. */
export function known<T extends object>(facts: MaybeUnknown<T>): T {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined),
  ) as unknown as T;
}

/** T, with undefined where it has an optional key. */
export type MaybeUnknown<T> = {
  [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K];
};

/** A list, or undefined instead of an empty one. */
export function someOf<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** The items of a list, equal ones once, where the first of them stood. */
export function distinct<T>(list: readonly T[]): T[] {
  return [...new Map(list.map((item) => [JSON.stringify(item), item])).values()];
}
