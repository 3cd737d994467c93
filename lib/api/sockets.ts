import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { GraphQLError } from "grafast/graphql";
import { type GrafservBase, makeGraphQLWSConfig, normalizeConnectionParams } from "grafserv";
import { CloseCode, handleProtocols, makeServer } from "graphql-ws";
import type { Logger } from "pino";
import { uuidv7 } from "uuidv7";
import { type WebSocket, WebSocketServer } from "ws";
import { coded } from "../problem.ts";
import { editorOf, socketEditors } from "./editor.ts";
import { type HttpError, httpError } from "./http-error.ts";
import { limits } from "./limits.ts";
import { foreignOrigin, tooManyOperations, tooManyStreams } from "./refusals.ts";

export type SocketOptions = {
  server: Server;
  graphql: GrafservBase;
  logger: Logger;
  editorKey: string | undefined;
  /** Sockets at most. */
  maxStreams: number;
  /** How often to ask whether the client is there, in milliseconds. */
  heartbeatMs: number;
  /** How long the client may take to answer that, in milliseconds. */
  drainMs: number;
};

const PATH = "/graphql";
/** How long a client may take to close, in milliseconds. */
const FAREWELL_MS = 1_000;

/** Whether a request is for GraphQL over a WebSocket; any other `Upgrade` is passed over, as HTTP allows. */
export function isSocketRequest({ headers, url, method }: IncomingMessage): boolean {
  const path = (url ?? "").split("?", 1)[0];
  return method === "GET" && path === PATH && headers.upgrade?.toLowerCase() === "websocket";
}

/**
 * GraphQL over WebSockets, in the protocol graphql-transport-ws. An editor says so as over HTTP, in the headers of the request or in
 * the payload of `connection_init`. What a socket has not taken holds back its subscriptions; one that takes nothing for
 * `drainMs` is cut off. Returns the function that closes them all.
 */
export function acceptSockets(options: SocketOptions): () => Promise<void> {
  const { server, graphql, logger, editorKey, maxStreams, heartbeatMs, drainMs } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxBody,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });
  const protocol = protocolOf(graphql, editorKey);
  let isClosing = false;

  sockets.on("headers", (headers) => headers.push(`x-request-id: ${uuidv7()}`));
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", () => {});
    if (!isSocketRequest(request) || isClosing) return stream.destroy();
    const refusal = refusalOf(request);
    if (refusal) return refuse(stream, refusal);
    sockets.handleUpgrade(request, stream, head, (socket) => open(socket, request));
  });

  function refusalOf(request: IncomingMessage): HttpError | undefined {
    if (!isOfSameOrigin(request)) return httpError(foreignOrigin(), logger);
    if (sockets.clients.size >= maxStreams) return httpError(tooManyStreams(maxStreams), logger);
    const editor = editorOf(request.headers, editorKey);
    if (editor && "status" in editor) {
      const { status, message, extensions } = editor;
      return { status, headers: {}, body: { errors: [{ message, extensions }] } };
    }
    if (editor) socketEditors.set(request, editor);
    return undefined;
  }

  function open(socket: WebSocket, request: IncomingMessage): void {
    socket.on("error", (error) => logger.debug(`websocket: ${error.message}`));
    keepAlive(socket, heartbeatMs, drainMs);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // Settles when the operating system has it: until then the subscription reads no more.
        send: (data) =>
          new Promise((resolve, reject) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            socket.send(data, (error) => (error ? reject(error) : resolve()));
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) =>
          socket.on("message", (data) => {
            // Answers that nobody takes: no more questions.
            if (socket.bufferedAmount > limits.maxBuffered) return socket.terminate();
            handle(String(data)).catch((error: unknown) => {
              if (socket.readyState !== socket.OPEN) return;
              logger.error({ err: error }, "a websocket failed");
              socket.close(CloseCode.InternalServerError, "something went wrong on the server");
            });
          }),
      },
      { socket, request },
    );
    socket.once("close", (code, reason) => {
      closed(code, String(reason)).catch((error: unknown) =>
        logger.warn(`websocket: ${coded(error).message}`),
      );
    });
  }

  return async () => {
    isClosing = true;
    for (const socket of sockets.clients) {
      socket.close(1001, "the server closes (JB517): connect again, go on after the last cursor");
      const cut = setTimeout(() => socket.terminate(), FAREWELL_MS);
      socket.once("close", () => clearTimeout(cut));
    }
  };
}

type Extra = { socket: WebSocket; request: IncomingMessage };

/** Grafserv's configuration of graphql-ws, with our limits and our editors. */
function protocolOf(graphql: GrafservBase, editorKey: string | undefined) {
  const config = makeGraphQLWSConfig(graphql);
  return makeServer<Record<string, unknown>, Extra>({
    ...(config as object),
    onConnect({ connectionParams, extra: { request, socket } }) {
      const given = normalizeConnectionParams(connectionParams) ?? {};
      const { authorization, "x-actor": actor } = given;
      if (authorization === undefined) return true;
      // As a header would carry it: the bytes of UTF-8.
      const name = actor === undefined ? {} : { "x-actor": asHeader(String(actor)) };
      const editor = editorOf({ authorization: String(authorization), ...name }, editorKey);
      if (editor && "status" in editor) {
        const { message, extensions } = editor;
        const code = editor.status === 401 ? CloseCode.Unauthorized : CloseCode.BadRequest;
        socket.close(code, `${message} (${extensions.code})`);
        return false;
      }
      if (editor) socketEditors.set(request, editor);
      return true;
    },
    async onSubscribe(context, id, payload) {
      if (Object.keys(context.subscriptions).length > limits.maxOperations) {
        const refusal = tooManyOperations(limits.maxOperations);
        return [new GraphQLError(refusal.message, { originalError: refusal })];
      }
      return config.onSubscribe?.(context as never, id, payload);
    },
  } as Parameters<typeof makeServer<Record<string, unknown>, Extra>>[0]);
}

/** Text as a header carries it: the bytes of UTF-8, each a character. */
const asHeader = (text: string) => Buffer.from(text, "utf8").toString("latin1");

/**
 * Whether the request is of a page that this server gave, or of no page at all. Browsers ask nobody before they open a WebSocket
 * to another origin; this keeps what HTTP keeps by sending no CORS headers.
 */
function isOfSameOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Answers an upgrade that is refused, as HTTP. */
function refuse(stream: Duplex, { status, headers, body }: HttpError): void {
  const text = JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(text)),
    "x-request-id": uuidv7(),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  // Ended by us alone it would stay half open for as long as the client likes.
  stream.once("finish", () => stream.destroy());
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${text}`);
}

/** Asks again and again whether the client is there, and cuts it off when it does not answer in time. */
function keepAlive(socket: WebSocket, everyMs: number, answerMs: number): void {
  let deadline: NodeJS.Timeout | undefined;
  const pulse = setInterval(() => {
    if (deadline || socket.readyState !== socket.OPEN) return;
    deadline = setTimeout(() => socket.terminate(), answerMs);
    socket.ping();
  }, everyMs);
  socket.on("pong", () => {
    clearTimeout(deadline);
    deadline = undefined;
  });
  socket.on("close", () => {
    clearInterval(pulse);
    clearTimeout(deadline);
  });
}
