import { depthLimit } from "@graphile/depth-limit";
import { SafeError } from "grafast";
import { Lexer, Source, TokenKind } from "grafast/graphql";
import { limits } from "../limits.ts";

/** Refuses documents that are too long (JB503), before they are parsed, and those that are too deep. */
export const DocumentPlugin: GraphileConfig.Plugin = {
  name: "DocumentPlugin",
  grafserv: {
    middleware: {
      setPreset(next, event) {
        event.validationRules.push(
          depthLimit({
            maxDepth: limits.maxDepth,
            maxListDepth: limits.maxListDepth,
            // What GraphiQL's own query needs.
            maxIntrospectionDepth: 16,
            maxDepthByFieldCoordinates: { "__Type.ofType": 9 },
            revealDetails: true,
          }),
        );
        return next();
      },
      processGraphQLRequestBody(next, { body }) {
        if (typeof body.query === "string" && isTooLong(body.query)) {
          throw new SafeError("the document is too long", {
            statusCode: 400,
            code: "JB503",
            detail: `It may have ${limits.maxTokens} words and signs at most.`,
            hint: "Send values as variables, and many references through resolveMany.",
          });
        }
        return next();
      },
    },
  },
};

function isTooLong(query: string): boolean {
  const lexer = new Lexer(new Source(query));
  try {
    for (let tokens = 0; tokens <= limits.maxTokens; tokens++) {
      if (lexer.advance().kind === TokenKind.EOF) return false;
    }
    return true;
  } catch {
    return false; // a syntax error is the parser's to report
  }
}
