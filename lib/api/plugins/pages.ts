import "graphile-build-pg";
import type { GrafastFieldConfigArgumentMap } from "grafast";
import type { GraphQLInputType } from "grafast/graphql";
import { limits } from "../limits.ts";

/**
 * One way to page: forwards, by cursor. A connection takes `first`, which has a default, and `after`; a list is
 * short and comes whole. What is more than a page may hold is refused by the CostPlugin.
 */
export const PagesPlugin: GraphileConfig.Plugin = {
  name: "PagesPlugin",
  after: ["PgFirstLastBeforeAfterArgsPlugin"],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args: (args, build, { scope }) =>
        pageArguments(args, build, scope),
      GraphQLInterfaceType_fields_field_args: (args, build, { scope }) =>
        pageArguments(args, build, scope),
    },
  },
};

type Scope = {
  isPgFieldConnection?: boolean | undefined;
  isPgFieldSimpleCollection?: boolean | undefined;
};

function pageArguments<Arguments extends GrafastFieldConfigArgumentMap>(
  args: Arguments,
  build: GraphileBuild.Build,
  { isPgFieldConnection, isPgFieldSimpleCollection }: Scope,
): Arguments {
  const { GraphQLInt, GraphQLNonNull } = build.graphql;
  if (isPgFieldConnection && args.first) {
    const { last: _last, before: _before, offset: _offset, ...kept } = args;
    return {
      ...kept,
      first: {
        ...args.first,
        description: `How many: 1 to ${limits.maxPage}.`,
        type: new GraphQLNonNull(GraphQLInt),
        defaultValue: limits.defaultPage,
      },
      after: { ...args.after, description: "Those after this cursor: the `endCursor` of a page." },
    } as unknown as Arguments;
  }
  if (isPgFieldSimpleCollection) {
    const { first: _first, offset: _offset, ...kept } = args;
    return nonNullItems(kept as unknown as Arguments, build);
  }
  return args;
}

/** A list as an argument has no nulls in it: `[String!]!`. */
export function nonNullItems<Arguments extends Record<string, { type: GraphQLInputType }>>(
  args: Arguments,
  { graphql: { GraphQLList, GraphQLNonNull, isListType, isNonNullType } }: GraphileBuild.Build,
): Arguments {
  const entries = Object.entries(args).map(([name, arg]) => {
    const list = isNonNullType(arg.type) ? arg.type.ofType : arg.type;
    if (!isListType(list) || isNonNullType(list.ofType)) return [name, arg];
    const items = new GraphQLList(new GraphQLNonNull(list.ofType));
    return [name, { ...arg, type: isNonNullType(arg.type) ? new GraphQLNonNull(items) : items }];
  });
  return Object.fromEntries(entries) as Arguments;
}
