import "graphile-build-pg";

/** The names in the schema: as somebody would write them by hand. */
export const NamesPlugin: GraphileConfig.Plugin = {
  name: "NamesPlugin",
  after: ["PgSimplifyInflectionPlugin"],
  inflection: {
    replace: {
      /** `aliases`, not `aliasesList`: what is a list is not a connection too. */
      listField(_previous, _options, baseName) {
        return baseName;
      },
      /** Enum values as GraphQL has them: NOT_FOUND. */
      enumValue(previous, _options, value, codec) {
        return (previous?.(value, codec) ?? value).toUpperCase();
      },
      /** The smart tag @fieldName names the root field of a function, as it does that of a relation. */
      customQueryField(previous, _options, details) {
        const name = details.resource.extensions?.tags?.fieldName;
        return typeof name === "string" ? name : (previous?.(details) ?? details.resource.name);
      },
    },
  },
};
