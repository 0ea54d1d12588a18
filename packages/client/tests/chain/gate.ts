// A way to the node that can be closed and opened: what a test calls "the node is gone" without
// taking the network down.

import { createServer, type Server, Socket } from "node:net";

/** Hands on what comes to a port of its own. */
export class Gate {
  private server: Server | undefined;
  private readonly open = new Set<Socket>();
  private port = 0;

  constructor(private readonly target: URL) {}

  /** Where it listens. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Lets everything through; on the same port as before. */
  async start(): Promise<void> {
    const server = createServer((from) => {
      const to = new Socket().connect(Number(this.target.port), this.target.hostname);
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        this.open.add(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.open.delete(one);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (typeof address === "object" && address !== null) {
      this.port = address.port;
    }
    this.server = server;
  }

  /** Ends every connection and takes no more. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.open) {
      socket.destroy();
    }
    await new Promise<void>((resolve) => {
      if (server === undefined) {
        resolve();
      } else {
        server.close(() => resolve());
      }
    });
  }
}
