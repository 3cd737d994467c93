import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { limits } from "./limits.ts";

/** Who a request with the editor's key is from: the name that its operations are recorded under. */
export type Editor = { actor: string };

/** Why a request is not answered at all: an HTTP status and the error that the body holds. */
export type Refusal = {
  status: 400 | 401;
  message: string;
  extensions: { code: string; detail: string; hint: string };
};

declare module "fastify" {
  interface FastifyRequest {
    /** Set when the request carries the editor's key. */
    editor: Editor | undefined;
  }
}

declare global {
  namespace Grafast {
    interface Context {
      editor?: Editor | undefined;
    }
  }
}

/** The editors of WebSockets, by the request that opened them. */
export const socketEditors = new WeakMap<IncomingMessage, Editor>();

/** Names that operations carry which nobody in person did. */
const reserved = ["jukebase", "record"];

/**
 * The editor that a request is from: it carries `Authorization: Bearer <key>`, and `X-Actor` names the person (UTF-8;
 * `editor` without it). Undefined for everybody else, and for all when there is no key. A wrong key is refused with JB508, a
 * name that cannot be used with JB509.
 */
export function editorOf(
  headers: IncomingHttpHeaders,
  key: string | undefined,
): Editor | Refusal | undefined {
  const [, given] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? "") ?? [];
  if (key === undefined || given === undefined) return undefined;
  if (!isSame(given, key)) {
    return {
      status: 401,
      message: "the key is not the editor's",
      extensions: {
        code: "JB508",
        detail: "Authorization carries another key than EDITOR_KEY of the server.",
        hint: "Correct it; to read, send none.",
      },
    };
  }
  const header = headers["x-actor"];
  // Node reads the bytes of a header as Latin-1.
  const actor =
    Buffer.from(String(header ?? ""), "latin1")
      .toString("utf8")
      .trim() || "editor";
  if (actor.length > limits.maxActor || /[\p{C}\ufffd]/u.test(actor) || reserved.includes(actor)) {
    return {
      status: 400,
      message: "X-Actor is not a name",
      extensions: {
        code: "JB509",
        detail: `It has ${limits.maxActor} characters at most, in UTF-8, and is none of ${reserved.join(", ")}.`,
        hint: "Send the name of the person who is acting.",
      },
    };
  }
  return { actor };
}

/** Compares hashes, which have one length, in constant time. */
function isSame(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return x !== undefined && y !== undefined && timingSafeEqual(x, y);
}
