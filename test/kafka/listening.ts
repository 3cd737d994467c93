import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until the address takes connections. */
export async function untilListening(address: string, limitMs: number): Promise<void> {
  const [host, port] = address.split(":");
  for (const deadline = Date.now() + limitMs; ; ) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), host);
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    if (Date.now() > deadline) throw new Error(`no broker came up at ${address}`);
    await sleep(50);
  }
}
