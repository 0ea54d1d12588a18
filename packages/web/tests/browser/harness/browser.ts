// Chromium, and what is watched while pages run in it.
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { origins } from "./network.ts";
import { patience } from "./patience.ts";

/** Without them Chromium calls home. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Windows that the page has to look good in. */
export const windows = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

/** How somebody looks at the page. */
export interface View {
  readonly window?: keyof typeof windows;
  readonly scheme?: "light" | "dark";
}

/** What goes wrong in pages without anybody seeing it. */
export interface Watch {
  /** Errors that a page logged or did not catch. */
  readonly errors: string[];
  /** Requests to other places than the page's origin and the node. */
  readonly foreign: string[];
}

/** Starts the Chromium that BULWARK_CHROMIUM names, or Debian's. */
export function launch(): Promise<Browser> {
  const executablePath = process.env.BULWARK_CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, headless: true, args: flags });
}

/** A fresh profile. */
export async function newContext(browser: Browser, view: View = {}): Promise<BrowserContext> {
  const phone = view.window === "phone";
  const context = await browser.newContext({
    viewport: windows[view.window ?? "desktop"],
    colorScheme: view.scheme ?? "light",
    hasTouch: phone,
    isMobile: phone,
    deviceScaleFactor: phone ? 2 : 1,
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  context.setDefaultTimeout(patience);
  return context;
}

/** Notes what goes wrong in a page from now on. */
export function watch(page: Page): Watch {
  const seen: Watch = { errors: [], foreign: [] };
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") seen.errors.push(message.text());
  });
  const check = (address: string) => {
    const { protocol, host } = new URL(address);
    const inside = protocol === "data:" || protocol === "blob:";
    if (!inside && !origins.includes(host)) seen.foreign.push(address);
  };
  page.on("request", (request) => check(request.url()));
  page.on("websocket", (socket) => check(socket.url()));
  return seen;
}
