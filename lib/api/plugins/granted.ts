import "graphile-build-pg";
import { roles } from "../roles.ts";

type Grantable = { getACL(): { role: string; select?: boolean; execute?: boolean }[] };

/**
 * Leaves out of what PostGraphile reads of the database the tables and functions that the roles of the API have no
 * right to. PostGraphile hides their fields by itself, but not their types, nor what it has to say about them.
 */
export const GrantedPlugin: GraphileConfig.Plugin = {
  name: "GrantedPlugin",
  before: ["PgFakeConstraintsPlugin"],
  gather: {
    hooks: {
      pgIntrospection_introspection(info, { introspection, serviceName }) {
        const schemas = info.resolvedPreset.pgServices?.find(
          ({ name }) => name === serviceName,
        )?.schemas;
        const granted: string[] = [...Object.values(roles), "public"];
        const mayUse = (entity: Grantable, right: "select" | "execute") =>
          entity.getACL().some((acl) => granted.includes(acl.role) && acl[right]);
        const isOurs = (entity: { getNamespace(): { nspname: string } | undefined }) =>
          schemas?.includes(entity.getNamespace()?.nspname ?? "") ?? false;

        keep(introspection.procs, (proc) => !isOurs(proc) || mayUse(proc, "execute"));
        keep(
          introspection.classes,
          (each) => each.relkind === "c" || !isOurs(each) || mayUse(each, "select"),
        );
        const classes = new Set(introspection.classes.map(({ _id }) => _id));
        keep(introspection.constraints, ({ conrelid }) => !conrelid || classes.has(conrelid));
      },
    },
  },
};

/** Removes from the array itself, which others hold too. */
function keep<T>(array: T[], isKept: (each: T) => boolean): void {
  array.splice(0, array.length, ...array.filter(isKept));
}
