import "./environment.ts";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import "grafserv/fastify/v5";
import type {} from "grafserv/node";
import type pg from "pg";
import type { Logger } from "pino";
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import type { Hub } from "../feed/hub.ts";
import { type Editor, socketEditors } from "./editor.ts";
import { limits } from "./limits.ts";
import { maskError } from "./mask-error.ts";
import { CostPlugin } from "./plugins/cost.ts";
import { DescriptionsPlugin } from "./plugins/descriptions.ts";
import { DocumentPlugin } from "./plugins/document.ts";
import { EditorsPlugin } from "./plugins/editors.ts";
import { GrantedPlugin } from "./plugins/granted.ts";
import { NamesPlugin } from "./plugins/names.ts";
import { PagesPlugin } from "./plugins/pages.ts";
import { RecordsPlugin } from "./plugins/records.ts";
import { RedirectsPlugin } from "./plugins/redirects.ts";
import { SubscriptionsPlugin, subscriptionsOf } from "./plugins/subscriptions.ts";
import { roles } from "./roles.ts";
import { settingsOf } from "./settings.ts";
import { welcomeQuery } from "./welcome-query.ts";

/** The package declares all of its options as required. */
type RuruClientConfig = NonNullable<NonNullable<GraphileConfig.Preset["ruru"]>["clientConfig"]>;

/** How PostGraphile makes the API from the database, and serves it. */
export function apiPreset({
  pool,
  logger,
  graphiql,
  hub,
}: {
  pool: pg.Pool;
  logger: Logger;
  graphiql: boolean;
  /** What subscriptions follow; without it there is the schema only. */
  hub?: Hub;
}): GraphileConfig.Preset {
  return {
    extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset],
    plugins: [
      GrantedPlugin,
      NamesPlugin,
      PagesPlugin,
      DescriptionsPlugin,
      RecordsPlugin,
      RedirectsPlugin,
      EditorsPlugin,
      SubscriptionsPlugin,
      ...(hub ? [subscriptionsOf(hub)] : []),
      CostPlugin,
      DocumentPlugin,
    ],
    disablePlugins: [
      // One key, jukeId: no opaque ids beside it, and no `query` field for clients of Relay 1.
      "NodePlugin",
      "RegisterQueryNodePlugin",
      "AddNodeInterfaceToSuitableTypesPlugin",
      "PgTableNodePlugin",
      "PgNodeIdAttributesPlugin",
      "QueryQueryPlugin",
      "MutationPayloadQueryPlugin",
      "PgMutationPayloadEdgePlugin",
      // Search is `search`. An order, a condition and a count for every column are the way to slow queries.
      "PgConnectionArgOrderByPlugin",
      "PgConnectionArgOrderByDefaultValuePlugin",
      "PgConditionArgumentPlugin",
      "PgConnectionTotalCountPlugin",
      // It does not see that a partial index serves a foreign key. A test looks after the indexes.
      "PgIndexBehaviorsPlugin",
    ],
    gather: { pgStrictFunctions: true },
    schema: {
      defaultBehavior: "-resource:insert -resource:update -resource:delete",
      pgForbidSetofFunctionsToReturnNull: true,
      dontSwallowErrors: true,
    },
    pgServices: [
      makePgService({
        pool,
        schemas: ["catalog", "identity", "ingest", "feed", "descriptor", "ops"],
        pubsub: false,
        // The schema is that of editors, who may all that readers may.
        pgSettingsForIntrospection: { role: roles.editor },
        pgSettings: (request) => settingsOf(editorIn(request)),
      }),
    ],
    grafast: {
      context: (request) => ({ editor: editorIn(request) }),
      timeouts: { planning: limits.planningMs, execution: limits.executionMs },
      explain: false,
    },
    grafserv: {
      graphqlPath: "/graphql",
      graphiql,
      graphiqlPath: "/",
      graphiqlOnGraphQLGET: graphiql,
      // The adaptor would need a plugin of Fastify: lib/api/sockets.ts has them.
      websockets: false,
      watch: false,
      maxRequestLength: limits.maxBody,
      maskError: maskError(logger),
    },
    ruru: { clientConfig: { defaultQuery: welcomeQuery } as RuruClientConfig },
  };
}

/** The editor that a request is from, over HTTP or over a WebSocket. */
function editorIn({ fastifyv5, ws }: Partial<Grafast.RequestContext>): Editor | undefined {
  return fastifyv5?.request.editor ?? (ws?.request && socketEditors.get(ws.request));
}
