import { expect } from "vitest";

export type Refusal = { code: string; message: string; detail: string; hint: string };

/** Expects a statement to be refused with a code, and to say what is wrong, why, and what to do; returns that. */
export async function refused(statement: PromiseLike<unknown>, code: string): Promise<Refusal> {
  const outcome = await Promise.resolve(statement).then(
    () => ({}) as Partial<Refusal>,
    (error: Partial<Refusal>) => error,
  );
  expect(outcome).toMatchObject({
    code,
    message: expect.stringMatching(/\S/),
    detail: expect.stringMatching(/\S/),
    hint: expect.stringMatching(/\S/),
  });
  for (const text of [outcome.message, outcome.detail, outcome.hint]) {
    expect(text).not.toMatch(/<null>/i);
  }
  return outcome as Refusal;
}
