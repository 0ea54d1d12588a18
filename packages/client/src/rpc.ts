// Requests to a node: JSON-RPC over HTTP, each with a deadline.

import type { RpcClient } from "@cosmjs/tendermint-rpc";

import { Answer } from "./answer.js";
import { NodeUnreachable } from "./errors.js";
import { ConnectionClosed, MalformedAnswer, NodeRefused } from "./failures.js";

type Request = Parameters<RpcClient["execute"]>[0];
type Success = Awaited<ReturnType<RpcClient["execute"]>>;

/** A node of a chain. Also what CosmJS sends its requests through. */
export class Rpc implements RpcClient {
  /** Requests under way. */
  private readonly pending = new Set<AbortController>();
  private requests = 0;
  private closed = false;

  constructor(
    /** Where the node is. */
    readonly url: string,
    /** After so many milliseconds a request has failed. */
    private readonly timeoutMs: number,
    private readonly fetcher: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  /**
   * Asks the node.
   *
   * @throws {NodeUnreachable} If it does not answer in time, or not as a node does.
   * @throws {NodeRefused} If it answers with an error.
   * @throws {ConnectionClosed}
   */
  async ask(
    method: string,
    params: Readonly<Record<string, string | boolean>> = {},
  ): Promise<Answer> {
    this.requests += 1;
    const response = await this.post({ jsonrpc: "2.0", id: this.requests, method, params });
    return new Answer(method, response.result);
  }

  /** As CosmJS asks. */
  execute(request: Request): Promise<Success> {
    return this.post(request);
  }

  /** Ends what is under way; afterwards every request fails. */
  disconnect(): void {
    this.closed = true;
    for (const request of this.pending) {
      request.abort();
    }
  }

  /** Whether {@link disconnect} was called. */
  get isClosed(): boolean {
    return this.closed;
  }

  private async post(request: Request): Promise<Success> {
    const { id, method } = request;
    const body = await this.exchanged(JSON.stringify(request));
    const answer = new Answer(method, body);
    const error = answer.at("error");
    if (error.isGiven()) {
      const detail = [error.at("message").value, error.at("data").value];
      const said = detail.filter((part) => typeof part === "string" && part !== "");
      throw new NodeRefused(method, said.join(": "));
    }
    const result = answer.at("result");
    if (!result.isGiven()) {
      throw new MalformedAnswer(method, "result", result.value);
    }
    return { jsonrpc: "2.0", id, result: result.value };
  }

  private async exchanged(request: string): Promise<unknown> {
    if (this.closed) {
      throw new ConnectionClosed();
    }
    const pending = new AbortController();
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      pending.abort();
    }, this.timeoutMs);
    this.pending.add(pending);
    let status = 0;
    try {
      const response = await this.fetcher(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: request,
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: pending.signal,
      });
      ({ status } = response);
      return await response.json();
    } catch (error) {
      if (this.closed) {
        throw new ConnectionClosed();
      }
      throw new NodeUnreachable(this.failure(error, late, status), { cause: error });
    } finally {
      clearTimeout(deadline);
      this.pending.delete(pending);
    }
  }

  private failure(error: unknown, late: boolean, status: number): string {
    if (late) {
      return `no answer within ${this.timeoutMs / 1000} s`;
    }
    if (status !== 0) {
      return `it answers with status ${status} and no JSON`;
    }
    return error instanceof Error ? error.message : String(error);
  }
}

/** Where the node tells of new blocks. */
export function websocketUrl(rpc: string): string {
  return `${rpc.replace(/^http/, "ws").replace(/\/+$/, "")}/websocket`;
}
