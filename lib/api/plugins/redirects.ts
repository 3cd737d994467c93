import { TYPES } from "@dataplan/pg";
import "graphile-build-pg";
import { connection, type FieldArgs } from "grafast";

/**
 * What was merged or deleted is in the hub only, without a row of its kind. So `artist(jukeId)` follows the redirect of a merged
 * one, and `entities` leaves out what is not current. (`entity(jukeId)` is a function that does the same.)
 */
export const RedirectsPlugin: GraphileConfig.Plugin = {
  name: "RedirectsPlugin",
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, { sql }, { scope }) {
        const { pgFieldResource: resource, fieldBehaviorScope } = scope;
        if (!resource || !("from" in resource) || typeof resource.from === "function") return field;
        if (fieldBehaviorScope === "query:resource:single") {
          return {
            ...field,
            plan(_root: unknown, args: FieldArgs) {
              const rows = resource.find();
              const jukeId = rows.placeholder(args.getRaw("jukeId"), TYPES.uuid);
              rows.where(sql`${rows.alias}.juke_id = (
                select coalesce(e.merged_into, e.juke_id) from catalog.entity e where e.juke_id = ${jukeId}
              )`);
              return rows.single();
            },
          };
        }
        if (fieldBehaviorScope === "query:resource:connection" && resource.name === "entity") {
          return {
            ...field,
            plan() {
              const rows = resource.find();
              rows.where(sql`${rows.alias}.status = 'active'`);
              return connection(rows);
            },
          };
        }
        return field;
      },
    },
  },
};
