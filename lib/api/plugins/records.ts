import "graphile-build-pg";

/**
 * What a comment cannot say of a function that `returns table`, by smart tags: @recordName names the type of its rows and
 * describes it, each @field describes a column: `@field at! When it happened.`, where the sign says that it is never null.
 */
export const RecordsPlugin: GraphileConfig.Plugin = {
  name: "RecordsPlugin",
  inflection: {
    replace: {
      functionRecordReturnCodecName(previous, _options, details) {
        const name = details.pgProc.getTagsAndDescription().tags.recordName;
        return typeof name === "string"
          ? this.upperCamelCase(name.split(" ", 1)[0] ?? name)
          : (previous?.(details) ?? details.pgProc.proname);
      },
    },
  },
  gather: {
    hooks: {
      pgProcedures_PgResourceOptions(_info, { resourceOptions: { codec, extensions } }) {
        const [, description] = /^\w+ (.*)$/s.exec(String(extensions?.tags?.recordName)) ?? [];
        if (description) codec.description = description;
        const tag: unknown = extensions?.tags?.field;
        for (const line of [tag].flat()) {
          const [, name = "", sign, description] = /^(\w+)(!?) (.*)$/s.exec(String(line)) ?? [];
          const attribute = codec.attributes?.[name];
          if (!attribute) continue;
          Object.assign(attribute, { description, notNull: sign === "!" });
        }
      },
    },
  },
};
