import { TYPES } from "@dataplan/pg";
import "graphile-build-pg";
import {
  context,
  type FieldArgs,
  type GrafastExecutionArgs,
  listen,
  object,
  type Step,
} from "grafast";
import { extendSchema, gql } from "postgraphile/utils";
import type { FeedStream, Hub } from "../../feed/hub.ts";
import type { FeedRow } from "../../feed/page.ts";
import { createTurns } from "../../feed/turns.ts";
import { limits } from "../limits.ts";
import { noKinds } from "../refusals.ts";

/** What a subscription follows. */
type Topic = { after?: string | null; kinds?: string[] | null };
type Pages = AsyncIterableIterator<FeedRow[]>;

declare global {
  namespace Grafast {
    interface Context {
      /** Of a subscription: the pages of the feed, which come as fast as the client takes them. */
      updates?: { subscribe(topic: Topic): Pages };
    }
  }
}

/** The subscription `updates`: what has changed, in pages of the type that the query `updates` has. */
export const SubscriptionsPlugin: GraphileConfig.Plugin = {
  ...extendSchema((build) => ({
    typeDefs: gql`
      extend type Subscription {
        """
        What changes, as it changes: pages of up to 100 updates, none of them empty. After a cursor; without one, from now on. Keep the
        last \`nextCursor\`: when the subscription ends, for whatever reason, subscribe again after it. Errors: JB301 not a cursor, JB302 the
        cursor of another database, JB305 a cursor that is too old, JB514 too many streams.
        """
        updates(
          "The cursor that the last update had."
          after: String
          "Only of these kinds of entities."
          kinds: [EntityKind!]
        ): [Update!]!
      }
    `,
    objects: {
      Subscription: {
        plans: {
          updates: {
            // What is left out has no step of its own: only getRaw can be asked for it.
            subscribePlan: (_root: Step, args: FieldArgs) =>
              listen(
                context().get("updates") as never,
                object({ after: args.getRaw("after"), kinds: args.getRaw("kinds") }) as never,
              ),
            plan: ($page: Step) =>
              build.pgResources.feed_updates_of?.execute([
                { step: $page, pgCodec: TYPES.jsonb, name: "page" } as never,
              ]) as Step,
          },
        },
      },
    },
  })),
  name: "SubscriptionsPlugin",
};

/**
 * Lets the subscriptions of a server follow the feed. Grafast reads its source as fast as that gives, and keeps what the client has not
 * taken: so the source gives a page for each one that is asked for. So many pages at a time become answers: each is a query, and
 * a change is one for every subscription.
 */
export function subscriptionsOf(hub: Hub): GraphileConfig.Plugin {
  const turn = createTurns(limits.pageQueries);
  return {
    name: "SubscriptionsFeedPlugin",
    grafast: {
      middleware: {
        async subscribe(next, event) {
          const { args } = event;
          const demand = createDemand();
          const subscribe = (topic: Topic) => pagesOf(hub, topic, demand, turn);
          Object.assign(args.contextValue as object, { updates: { subscribe } });
          withoutDeadline(args);
          const answers = await next();
          return Symbol.asyncIterator in answers ? answersOf(answers, demand) : answers;
        },
      },
    },
  };
}

/** The limit on the time of an execution counts from its beginning, and a subscription has no end. */
function withoutDeadline(args: GrafastExecutionArgs): void {
  const preset = args.resolvedPreset;
  if (!preset?.grafast?.timeouts) return;
  const { execution: _, ...timeouts } = preset.grafast.timeouts;
  args.resolvedPreset = { ...preset, grafast: { ...preset.grafast, timeouts } };
}

/** What the client asks for, at the one end of Grafast, and the feed gives at the other. */
type Demand = {
  /** The client has taken all, and wants an answer. */
  ask(): void;
  /** Waits until an answer is wanted; false at the end. */
  wanted(): Promise<boolean>;
  /** Gives back the turn that a page has become an answer in. */
  answered(): void;
  holds(turn: () => void): void;
  end(): void;
};

function createDemand(): Demand {
  let asked = 0;
  let ended = false;
  let wake = () => {};
  let done = () => {};
  return {
    ask() {
      asked += 1;
      wake();
    },
    async wanted() {
      while (asked === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      asked -= 1;
      return !ended;
    },
    answered: () => done(),
    holds(turn) {
      done = turn;
      if (ended) turn();
    },
    end() {
      ended = true;
      wake();
      done();
    },
  };
}

/** The pages of a stream, each when an answer is wanted. */
function pagesOf(
  hub: Hub,
  { after, kinds }: Topic,
  demand: Demand,
  turn: () => Promise<() => void>,
): Pages {
  const done = { done: true as const, value: undefined };
  let stream: FeedStream | undefined;
  let isOpen = true;
  const close = async () => {
    isOpen = false;
    demand.end();
    stream?.close();
    return done;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (!(await demand.wanted())) return done;
      if (kinds?.length === 0) throw noKinds();
      stream ??= await hub.open({ after: after ?? undefined, kinds: kinds ?? null });
      if (!isOpen) stream.close();
      const page = await stream.next();
      if (!page) return done;
      demand.holds(await turn());
      return { done: false, value: page.updates };
    },
    return: close,
    throw: close,
  };
}

/**
 * The answers, each asked for when the client has taken the one before. One without data is the last: whoever went on after it would miss
 * the page that it stands for.
 */
function answersOf<T extends { data?: unknown }>(
  answers: AsyncIterable<T>,
  demand: Demand,
): AsyncGenerator<T, void, void> {
  const inner = answers[Symbol.asyncIterator]() as AsyncGenerator<T, void, void>;
  let isLast = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (isLast) return inner.return();
      demand.ask();
      try {
        const answer = await inner.next();
        isLast = !answer.done && answer.value.data == null;
        return answer;
      } finally {
        demand.answered();
      }
    },
    return: (value) => inner.return(value),
    throw: (error) => inner.throw(error),
    async [Symbol.asyncDispose]() {
      await inner.return();
    },
  };
}
