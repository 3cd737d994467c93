import { createServer } from "node:net";
import { Problem } from "../problem.ts";

/**
 * The wanted port when it is free on the address, or any free one without a wish (or 0).
 * Raises JB008 when the wanted port is taken.
 */
export function freePort(wanted = 0, host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(portProblem(error, wanted, host)),
    );
    server.listen(wanted, host, () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : wanted;
      server.close(() => resolve(port));
    });
  });
}

/** The error of a failed `listen` as a problem (JB008) when the port is the reason. */
export function portProblem(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === "EADDRINUSE") {
    return new Problem({
      code: "JB008",
      message: `port ${port} of ${host} is taken by another process`,
      hint: "stop that process or choose another port",
      cause: error,
    });
  }
  if (error.code === "EACCES") {
    return new Problem({
      code: "JB008",
      message: `this user may not listen on port ${port} of ${host}`,
      hint: "choose a port above 1023",
      cause: error,
    });
  }
  return error;
}
