import "graphile-build-pg";

/** Says what the comments in the database cannot: of the fields of Query, and of the fields of an interface's types. */
export const DescriptionsPlugin: GraphileConfig.Plugin = {
  name: "DescriptionsPlugin",
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(field, build, { scope }) {
        const type = build.graphql.getNamedType(field.type).name;
        switch (scope.fieldBehaviorScope) {
          case "query:resource:single":
            return {
              ...field,
              description: `The ${type} with this key; when it was merged, the one that it redirects to.`,
            };
          case "query:resource:connection":
            return {
              ...field,
              description: `All of this kind, in the order of their keys: the oldest first.`,
            };
          default:
            return field;
        }
      },
      finalize(schema, { graphql: { isObjectType } }) {
        for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
          for (const shared of type.getInterfaces()) {
            for (const { name, description } of Object.values(shared.getFields())) {
              const field = type.getFields()[name];
              if (field) field.description = description;
            }
          }
        }
        return schema;
      },
    },
  },
};
