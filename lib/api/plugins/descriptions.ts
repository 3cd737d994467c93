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
      GraphQLObjectType_fields_field_args_arg(arg, _build, { scope }) {
        const isInput = scope.argName === "input" && scope.fieldBehaviorScope === "mutationField";
        return isInput ? { ...arg, description: "What it needs." } : arg;
      },
      GraphQLInputObjectType(type, _build, { scope }) {
        if (scope.pgCodec) return { ...type, description: scope.pgCodec.description };
        if (!scope.isMutationInput) return type;
        return { ...type, description: `What \`${fieldOf(type.name, "Input")}\` needs.` };
      },
      GraphQLObjectType(type, _build, { scope }) {
        if (!scope.isMutationPayload) return type;
        return { ...type, description: `What \`${fieldOf(type.name, "Payload")}\` has done.` };
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

/** The mutation that a type is for: `merge` of `MergeInput`. */
function fieldOf(type: string, suffix: string): string {
  return `${type.charAt(0).toLowerCase()}${type.slice(1, -suffix.length)}`;
}
