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
 * Lets the subscriptions of a server follow the feed. Grafast reads its source as fast as that gives and keeps what the client has not taken:
 * so the source gives a page for each one that is asked for.
 */
export function subscriptionsOf(hub: Hub): GraphileConfig.Plugin {
  return {
    name: "SubscriptionsFeedPlugin",
    grafast: {
      middleware: {
        async subscribe(next, event) {
          const { args } = event;
          const tickets = createTickets();
          const subscribe = (topic: Topic) => pagesOf(hub, topic, tickets);
          Object.assign(args.contextValue as object, { updates: { subscribe } });
          withoutDeadline(args);
          const answers = await next();
          return Symbol.asyncIterator in answers ? asked(answers, tickets.give) : answers;
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

type Tickets = { give(): void; take(): Promise<boolean>; end(): void };

/** A page may be read for each ticket; `take` waits for one, false at the end. */
function createTickets(): Tickets {
  let left = 0;
  let ended = false;
  let wake = () => {};
  return {
    give() {
      left += 1;
      wake();
    },
    async take() {
      while (left === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      left -= 1;
      return !ended;
    },
    end() {
      ended = true;
      wake();
    },
  };
}

function pagesOf(hub: Hub, { after, kinds }: Topic, tickets: Tickets): Pages {
  const done = { done: true as const, value: undefined };
  let stream: FeedStream | undefined;
  let isOpen = true;
  const close = async () => {
    isOpen = false;
    tickets.end();
    stream?.close();
    return done;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (!(await tickets.take())) return done;
      stream ??= await hub.open({ after: after ?? undefined, kinds: kinds ?? null });
      if (!isOpen) stream.close();
      const page = await stream.next();
      return page ? { done: false, value: page.updates } : done;
    },
    return: close,
    throw: close,
  };
}

/** The answers, telling of each that is asked for. */
function asked<T>(answers: AsyncIterable<T>, onAsk: () => void): AsyncGenerator<T, void, void> {
  const inner = answers[Symbol.asyncIterator]() as AsyncGenerator<T, void, void>;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      onAsk();
      return inner.next();
    },
    return: (value) => inner.return(value),
    throw: (error) => inner.throw(error),
    async [Symbol.asyncDispose]() {
      await inner.return();
    },
  };
}
