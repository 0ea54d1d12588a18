// Pictures of the page, in the folder that BULWARK_SCREENSHOTS names, or else in a new one.
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";

let folder: string | undefined;

/** Where pictures are kept. */
export function screenshotFolder(): string {
  if (folder === undefined) {
    const named = process.env.BULWARK_SCREENSHOTS;
    folder = named ?? mkdtempSync(join(tmpdir(), "bulwark-screenshots-"));
    mkdirSync(folder, { recursive: true });
    console.warn(`screenshots are in ${folder}`);
  }
  return folder;
}

/** What a picture shows. */
interface Extent {
  /** All of the page, however long it is, as in a window that is as high; or the window alone. */
  readonly whole: boolean;
}

/** Keeps a picture of the page under a name in a few words. Without one nothing is lost. */
export async function screenshotOf(
  page: Page,
  name: string,
  { whole }: Extent = { whole: true },
): Promise<void> {
  const file = `${name.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 100)}.png`;
  const path = join(screenshotFolder(), file);
  const window = page.viewportSize();
  try {
    // What stays at a window's edge would otherwise lie over the middle of the page.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    if (whole && window !== null) await page.setViewportSize({ ...window, height });
    await page.screenshot({ path, animations: "disabled" });
    if (whole && window !== null) await page.setViewportSize(window);
  } catch (error) {
    console.warn(`no screenshot ${file}: ${String(error)}`);
  }
}
