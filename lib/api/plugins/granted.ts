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
        // A composite type has no rights of its own that count: it goes with the functions that use it, or another type.
        const isUsed = ({ _id, reltype }: { _id: string; reltype: string | null }) => {
          const types = introspection.types
            .filter((type) => type._id === reltype || type.typelem === reltype)
            .map((type) => type._id);
          return (
            introspection.procs.some((proc) =>
              [proc.prorettype, ...(proc.proallargtypes ?? proc.proargtypes ?? [])].some((type) =>
                types.includes(type),
              ),
            ) ||
            introspection.attributes.some(
              ({ atttypid, attrelid }) => types.includes(atttypid) && attrelid !== _id,
            )
          );
        };
        keep(
          introspection.classes,
          (each) => !isOurs(each) || (each.relkind === "c" ? isUsed(each) : mayUse(each, "select")),
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
