import type { Plugin } from "vite";

/**
 * What the built page may load: its own files, and an RPC node that its configuration names, which
 * is known only once it runs. Styles may be inline because the dialogs put one into the page to
 * keep what lies behind them from scrolling.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "manifest-src 'self'",
  "connect-src 'self' http: https: ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Puts the policy into the built page. The development server needs scripts inside the page. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policy },
        injectTo: "head-prepend",
      },
    ],
  };
}
