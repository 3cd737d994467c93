import {
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  isCompositeType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
} from "grafast/graphql";
import { limits } from "../limits.ts";
import { valueError } from "../mask-error.ts";

/**
 * Refuses a query before it runs when a page of it is too large (JB501) or when all pages multiplied are too many
 * rows (JB502). Variables count with their values. A single thing is one row, a list `limits.rowsPerList`.
 * And literals that are not of their type (JB504), subscriptions over HTTP (JB506), what only editors may (JB507), and lists with too many items (JB510).
 */
export const CostPlugin: GraphileConfig.Plugin = {
  name: "CostPlugin",
  grafserv: {
    middleware: {
      setPreset(next, event) {
        // What validation finds is answered without going through maskError.
        const rules = event.validationRules;
        const place = rules.indexOf(ValuesOfCorrectTypeRule);
        if (place < 0) throw new Error("GraphQL has no rule on the values of a document");
        rules.splice(place, 1, codedValues);
        return next();
      },
    },
  },
  grafast: {
    middleware: {
      execute(next, { args }) {
        const refusal = refusalOf(args, ["query", "mutation"]);
        return refusal ? { errors: [refusal] } : next();
      },
      subscribe(next, { args }) {
        const refusal = refusalOf(args, ["subscription"]);
        return refusal ? { errors: [refusal] } : next();
      },
    },
  },
};

/** GraphQL's own rule on literals; its errors have our code. */
const codedValues: ValidationRule = (context) =>
  ValuesOfCorrectTypeRule(
    Object.create(context, {
      reportError: {
        value: (error: GraphQLError) => context.reportError(valueError(error)),
      },
    }),
  );

/** Why not to run it; undefined when it may run, or when the execution will report what is wrong with it. */
function refusalOf(
  { schema, document, operationName, variableValues, contextValue }: ExecutionArgs,
  here: readonly string[],
): GraphQLError | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const root = schema.getRootType(operation.operation);
  if (!root || !here.includes(operation.operation)) return notHere(operation);
  const definitions = operation.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, variableValues ?? {});
  if (errors) return undefined;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const each of document.definitions) {
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each);
  }
  try {
    const isEditor = (contextValue as Partial<Grafast.Context> | undefined)?.editor !== undefined;
    const context = { schema, fragments, variables: coerced, isEditor };
    countRows(context, operation.selectionSet, root);
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

type Context = {
  schema: GraphQLSchema;
  fragments: Map<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
  isEditor: boolean;
};

/** Counts the rows that the selection may touch. Raises JB501, JB502, JB507 and JB510. */
function countRows(context: Context, selectionSet: SelectionSetNode, root: GraphQLObjectType) {
  let rows = 0;
  let fields = 0;
  const add = (more: number) => {
    rows += more;
    fields += 1;
    // The second ends the walk of fragments that spread each other without end.
    if (rows > limits.maxRows || fields > limits.maxFields) throw tooCostly();
  };
  const walk = (selections: SelectionSetNode, type: GraphQLCompositeType, times: number) => {
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) {
        const field = fieldOf(type, selection.name.value);
        if (field?.extensions.isForEditors && !context.isEditor) throw forEditors(selection);
        if (selection.name.value.startsWith("__")) {
          if (selection.selectionSet) add(limits.rowsPerIntrospection);
        } else if (field && selection.selectionSet) {
          const fieldType = getNamedType(field.type);
          const size = sizeOf(field, selection, type, context.variables);
          add(times * Math.max(size, limits.rowsPerScalar));
          if (isCompositeType(fieldType)) {
            walk(selection.selectionSet, fieldType, times * Math.max(size, 1));
          }
        } else {
          add(times * limits.rowsPerScalar);
        }
      } else {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection
            : context.fragments.get(selection.name.value);
        const name = fragment?.typeCondition?.name.value;
        const narrowed = name === undefined ? type : context.schema.getType(name);
        add(times * limits.rowsPerScalar);
        if (fragment && isCompositeType(narrowed)) walk(fragment.selectionSet, narrowed, times);
      }
    }
  };
  walk(selectionSet, root, 1);
}

function fieldOf(type: GraphQLCompositeType, name: string) {
  return "getFields" in type ? type.getFields()[name] : undefined;
}

/** How many rows one of this field has at most: the page, the limit or the list that is asked for. */
function sizeOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  parent: GraphQLCompositeType,
  variables: Record<string, unknown>,
): number {
  const values = getArgumentValues(field, node, variables);
  checkItems(values, node);
  checkItems((values.input ?? {}) as Record<string, unknown>, node);
  const { first, limit, refs, jukeIds } = values;
  if (typeof first === "number") {
    if (first < 1 || first > limits.maxPage) throw badPage(first, node);
    return first;
  }
  if (Array.isArray(refs)) return refs.length;
  if (Array.isArray(jukeIds)) return jukeIds.length;
  if (field.args.some(({ name }) => name === "limit")) {
    // What is out of range is refused by the function itself.
    return Math.min(typeof limit === "number" ? limit : limits.defaultLimit, limits.maxLimit);
  }
  // A subscription has no limit of its own: its answers are pages of the feed.
  if (parent.name === "Subscription") return limits.streamPage;
  // nodes and edges: the page was counted at the field that it belongs to.
  if (parent.name.endsWith("Connection") || parent.name.endsWith("Edge")) return 0;
  return isListType(getNullableType(field.type)) ? limits.rowsPerList : 1;
}

/** Raises JB510 when a list as an argument has more items than it may. */
function checkItems(values: Record<string, unknown>, node: FieldNode): void {
  for (const [name, most] of Object.entries(limits.maxItems)) {
    const value = values[name];
    if (!Array.isArray(value) || value.length <= most) continue;
    throw new GraphQLError(`too many ${name}: ${value.length}`, {
      nodes: node,
      extensions: {
        code: "JB510",
        detail: `One call takes at most ${most}.`,
        hint: "Do it in several calls.",
      },
    });
  }
}

function notHere(operation: OperationDefinitionNode): GraphQLError {
  return new GraphQLError(`there is no ${operation.operation} here`, {
    nodes: operation,
    extensions: {
      code: "JB506",
      detail: "A request over HTTP has one answer; a subscription has many.",
      hint: "Subscribe over a WebSocket, in the protocol graphql-transport-ws; or GET /updates as an event stream.",
    },
  });
}

function forEditors(node: FieldNode): GraphQLError {
  return new GraphQLError(`${node.name.value} is for editors`, {
    nodes: node,
    extensions: {
      code: "JB507",
      detail: "The request does not carry the editor's key, or the server has none.",
      hint: "Set EDITOR_KEY for the server and send Authorization: Bearer with it.",
    },
  });
}

function badPage(first: number, node: FieldNode): GraphQLError {
  return new GraphQLError(`a page cannot have ${first} items`, {
    nodes: node,
    extensions: {
      code: "JB501",
      detail: `A page has 1 to ${limits.maxPage}.`,
      hint: "Ask for less, and go on with after: the endCursor of the page.",
    },
  });
}

function tooCostly(): GraphQLError {
  return new GraphQLError("the query asks for too much", {
    extensions: {
      code: "JB502",
      detail: `It may touch ${limits.maxRows} rows at most, where pages within pages multiply, and have ${limits.maxFields} fields.`,
      hint: "Make the outer pages smaller, or ask for the inner ones in queries of their own.",
    },
  });
}
