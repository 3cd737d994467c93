import type { Manner } from "./interleaving.ts";
import { type Action, actions, hold } from "./interleaving-actions.ts";
import { type Case, needsOf } from "./interleaving-cases.ts";

/** Every way in which two sessions meet. */
export const manners: Manner[] = [
  { level: "read committed", end: "commit" },
  { level: "read committed", end: "rollback" },
  { level: "repeatable read", end: "commit" },
];

/** The actions by the function they call. */
const functions = [...new Set(actions.map(({ name }) => name.split(" ")[0]))].map((each) =>
  actions.filter(({ name }) => name.split(" ")[0] === each),
);

const pick = (list: Action[] | undefined, n: number) => list?.[n % list.length] as Action;

const meet = (some: Action[], manner: Manner): Case => ({
  actions: some,
  needs: needsOf(some),
  manner,
});

const functionPairs = functions.flatMap((first, i) =>
  functions.map((second, j) => ({ first, second, offset: i + j + (i === j ? 1 : 0) })),
);

const named = (...names: string[]): Action[] =>
  names.map((name) => {
    const action = [hold("2"), ...actions].find((each) => each.name === name);
    if (!action) throw new Error(`there is no action ${name}`);
    return action;
  });

/** What meets in the narrowest places: a reference and what it refers to, two sides of a review, two references to one. */
export const narrow: Case[] = [
  named("undo merge 4 into 1", "ingest other credits"),
  named("ingest other credits", "undo merge 4 into 1"),
  named("undo delete 5", "ingest a track of 2 and 5"),
  named("ingest a track of 2 and 5", "undo delete 5"),
  named("merge 2 into 1", "ingest a track of 2 and 5"),
  named("delete 2", "edit t1"),
  named("edit t2", "edit t1"),
  named("decide merge", "decide keep_apart"),
  named("merge 2 into 1", "merge 1 into 2"),
  named("merge 2 into 1", "merge 3 into 2"),
].flatMap((pair) => manners.map((manner) => meet(pair, manner)));

/** Every pair of functions, in either order and every manner, two or three actions of each. */
export const pairs: Case[] = functionPairs.flatMap(({ first, second, offset }, n) =>
  Array.from({ length: first === second ? 3 : 2 }, (_, m) => {
    const pair = [pick(first, n + m), pick(second, n + m + offset)];
    return manners.map((manner) => meet(pair, manner));
  }).flat(),
);

/** Every pair of actions, in either order and every manner. */
export const allPairs: Case[] = actions.flatMap((first) =>
  actions.flatMap((second) => manners.map((manner) => meet([first, second], manner))),
);

/** Two that wait for a third, which does something itself. */
export const threes: Case[] = functionPairs.map(({ first, second, offset }, n) => {
  const holder = pick(functions[(n * 5) % functions.length], n);
  return meet([holder, pick(first, n), pick(second, n + offset + 1)], {
    level: "read committed",
    end: "commit",
  });
});

/** Two that are under way at once: they are stopped at an entity that a third session holds, and go on when it lets go. */
export const races: Case[] = [
  named("hold 2", "undo claim for 2", "decide merge"),
  ...functionPairs.map(({ first, second, offset }, n) => [
    hold(["1", "2", "t1"][n % 3] ?? "1"),
    pick(first, n + 1),
    pick(second, n + 2 + offset),
  ]),
].map((three) => meet(three, { level: "read committed", end: "rollback" }));
