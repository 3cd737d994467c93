import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as NetServer,
} from "node:net";
import { onTestFinished } from "vitest";
import { projectPath } from "../../lib/project.ts";

export type TestServer = {
  /** Without a slash at its end. */
  url: string;
  port: number;
  /** What was asked, in order. */
  requests: IncomingMessage[];
};

/** An HTTP server on loopback that lives as long as the test. */
export async function httpServer(listener: RequestListener): Promise<TestServer> {
  return serve("http", createServer(), listener);
}

/** The same over TLS, by a certificate of `authority` for localhost, files.example and 127.0.0.1. */
export async function httpsServer(listener: RequestListener): Promise<TestServer> {
  const server = createTlsServer({ key: fixture("server-key.pem"), cert: fixture("server.pem") });
  return serve("https", server, listener);
}

/** The certificate authority of `httpsServer`. */
export const authority = fixture("authority.pem");

async function serve(
  protocol: string,
  server: Server,
  listener: RequestListener,
): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  server.on("request", (request, response) => {
    requests.push(request);
    response.on("error", () => {});
    listener(request, response);
  });
  const port = await listening(server);
  onTestFinished(() => server.closeAllConnections());
  return { url: `${protocol}://127.0.0.1:${port}`, port, requests };
}

/** A server of bytes on loopback: what no HTTP server would send. Calls back once for each connection that speaks. */
export async function rawServer(
  onRequest: (socket: Socket, head: string) => void,
): Promise<{ url: string; port: number; connections: () => number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    socket.once("data", (head) => onRequest(socket, head.toString("latin1")));
  });
  const port = await listening(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { url: `http://127.0.0.1:${port}`, port, connections: () => connections };
}

async function listening(server: NetServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function fixture(name: string): string {
  return readFileSync(projectPath("test/fetch/fixtures", name), "utf8");
}
