import "graphile-build-pg";
import type { PgResource } from "@dataplan/pg";
import { roles } from "../roles.ts";
import { nonNullItems } from "./pages.ts";

/**
 * Marks the root fields that only editors may ask for: those of functions that the role `jukebase_api` may not execute. The
 * CostPlugin refuses them to everybody else. The smart tag @isQuery makes a query of a volatile function.
 */
export const EditorsPlugin: GraphileConfig.Plugin = {
  name: "EditorsPlugin",
  gather: {
    hooks: {
      pgProcedures_functionResourceOptions(_info, { pgProc, functionResourceOptions: options }) {
        options.extensions = { ...options.extensions, isForEditors: isForEditors(pgProc) };
      },
      pgProcedures_PgResourceOptions(_info, { pgProc, resourceOptions: options }) {
        options.extensions = { ...options.extensions, isForEditors: isForEditors(pgProc) };
        if (options.extensions.tags?.isQuery) delete options.isMutation;
      },
    },
  },
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, _build, { scope }) {
        const { fieldBehaviorScope, pgFieldResource } = scope as {
          fieldBehaviorScope?: string;
          pgFieldResource?: PgResource;
        };
        const isMutation = fieldBehaviorScope === "mutationField";
        if (!isMutation && !pgFieldResource?.extensions?.isForEditors) return field;
        return { ...field, extensions: { ...field.extensions, isForEditors: true } };
      },
      // clientMutationId is of use to clients of Relay 1 only.
      GraphQLInputObjectType_fields(fields, build, { scope }) {
        if (!scope.isMutationInput) return fields;
        delete fields.clientMutationId;
        return nonNullItems(fields, build);
      },
      GraphQLObjectType_fields(fields, _build, { scope }) {
        if (scope.isMutationPayload) delete fields.clientMutationId;
        return fields;
      },
    },
  },
};

declare global {
  namespace DataplanPg {
    interface PgResourceExtensions {
      /** Whether readers may not execute the function. */
      isForEditors?: boolean;
    }
  }
}

function isForEditors(pgProc: { getACL(): { role: string; execute?: boolean }[] }): boolean {
  return !pgProc.getACL().some(({ role, execute }) => role === roles.reader && execute);
}
