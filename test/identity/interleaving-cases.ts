import { inTurn, interleave, type Lane, type Manner, type Outcome } from "./interleaving.ts";
import type { Action } from "./interleaving-actions.ts";
import { dump } from "./interleaving-dump.ts";
import { at, makeWorlds, type Need } from "./interleaving-world.ts";

/** Actions that meet in a manner, or follow one another when there is none. */
export type Case = { actions: Action[]; needs: Need[]; manner?: Manner };
export type Result = Case & { outcomes: Outcome[]; facts: string[]; number: number };

export const needsOf = (actions: Action[]): Need[] =>
  [...new Set(actions.flatMap(({ need }) => need ?? []))].sort();

export const nameOf = ({ actions, needs, manner }: Case): string =>
  [
    actions.map(({ name }) => name).join(manner ? " | " : ", then "),
    manner ? `${manner.level}, ${manner.end}` : "",
    needs.length > 0 ? `after ${needs.join(", ")}` : "",
  ]
    .filter(Boolean)
    .join("; ");

let count = 0;

/** Runs cases, each in a world of its own, in several lanes at once. */
export async function run(lanes: Lane[], cases: Case[]): Promise<Result[]> {
  const shares = await Promise.all(
    lanes.map((lane, n) =>
      runInLane(
        lane,
        cases.filter((_, index) => index % lanes.length === n),
      ),
    ),
  );
  return shares.flat();
}

async function runInLane(lane: Lane, cases: Case[]): Promise<Result[]> {
  const numbered = cases.map((each) => ({ ...each, number: ++count }));
  const results: Result[] = [];
  const size = 100;
  for (let from = 0; from < numbered.length; from += size) {
    const some = numbered.slice(from, from + size);
    const worlds = await makeWorlds(lane.sql, some);
    const outcomes = new Map<number, Outcome[]>();
    for (const { actions, manner, number } of some) {
      const world = at(worlds, number);
      outcomes.set(
        number,
        manner
          ? await interleave(lane, actions, manner, world)
          : await inTurn(lane, actions, world),
      );
    }
    if (from === 0) await lane.sql`analyze`;
    const facts = await dump(lane.sql, [...worlds.values()]);
    for (const each of some) {
      const { number } = each;
      results.push({ ...each, outcomes: at(outcomes, number), facts: at(facts, number) });
    }
  }
  return results;
}

/** What the actions of cases leave when they follow one another; each order is run once. */
export class Orders {
  readonly #known = new Map<string, Result>();
  readonly #lanes: Lane[];

  constructor(lanes: Lane[]) {
    this.#lanes = lanes;
  }

  async prepare(cases: Case[]): Promise<void> {
    const wanted = new Map(
      cases.map(({ actions, needs }) => [nameOf({ actions, needs }), { actions, needs }]),
    );
    for (const name of this.#known.keys()) wanted.delete(name);
    for (const each of await run(this.#lanes, [...wanted.values()])) {
      this.#known.set(nameOf(each), each);
    }
  }

  of(actions: Action[], needs: Need[]): Result {
    return at(this.#known, nameOf({ actions, needs }));
  }
}

/** All orders of a list, itself first. */
export function permutations<Item>(items: Item[]): Item[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, n) =>
    permutations(items.filter((_, index) => index !== n)).map((rest) => [item, ...rest]),
  );
}

const succeeded = ({ actions, outcomes }: Result): Action[] =>
  actions.filter((_, n) => outcomes[n] === "ok");
const isRefused = (outcome: Outcome | undefined) => outcome?.startsWith("JB") ?? false;

/** Those whose end is not that of any order of what succeeded in them, with what differs from the first. */
export async function unlikeAnyOrder(orders: Orders, results: Result[]): Promise<string[]> {
  const isLike = (result: Result, order: Action[]) => {
    const { outcomes, facts } = orders.of(order, result.needs);
    return outcomes.every((each) => each === "ok") && facts.join("\n") === result.facts.join("\n");
  };
  const first = results.map((result) => ({ actions: succeeded(result), needs: result.needs }));
  await orders.prepare(first);
  const unlike = results.filter((result) => !isLike(result, succeeded(result)));
  await orders.prepare(
    unlike.flatMap((result) =>
      permutations(succeeded(result)).map((actions) => ({ actions, needs: result.needs })),
    ),
  );
  return unlike
    .filter((result) => !permutations(succeeded(result)).some((each) => isLike(result, each)))
    .map((result) => {
      const { facts, outcomes } = orders.of(succeeded(result), result.needs);
      const missing = facts.filter((each) => !result.facts.includes(each));
      const extra = result.facts.filter((each) => !facts.includes(each));
      return `${nameOf(result)} -> ${result.outcomes}
        in turn ${outcomes}: ${missing.map((each) => `\n  - ${each}`)}${extra.map((each) => `\n  + ${each}`)}`;
    });
}

/** Refusals of one of two that it would get neither alone nor after the other. */
export async function unfoundedRefusals(orders: Orders, results: Result[]): Promise<string[]> {
  const refused = results.flatMap((result) =>
    result.actions.flatMap((action, n) =>
      isRefused(result.outcomes[n])
        ? [{ result, action, others: succeeded(result), outcome: result.outcomes[n] }]
        : [],
    ),
  );
  await orders.prepare(
    refused.flatMap(({ result: { needs }, action, others }) => [
      { actions: [action], needs },
      { actions: [...others, action], needs },
    ]),
  );
  return refused
    .filter(
      ({ result, action, others, outcome }) =>
        orders.of([action], result.needs).outcomes[0] !== outcome &&
        orders.of([...others, action], result.needs).outcomes.at(-1) !== outcome,
    )
    .map(({ result }) => `${nameOf(result)} -> ${result.outcomes}`);
}
