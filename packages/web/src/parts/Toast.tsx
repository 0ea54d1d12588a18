import { Toast as Primitive } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import type { Tone } from "./Badge";
import { cx } from "./cx";
import { closeDialog } from "./escape";
import { Icon, type IconName } from "./Icon";
import styles from "./Toast.module.css";

/** Something that happened, said at the edge of the page and to screen readers. */
export interface News {
  readonly tone: Tone;
  readonly title: string;
  readonly detail?: string;
}

const Notify = createContext<(news: News) => void>(() => undefined);

/** Says something at the edge of the page. */
export function useNotify(): (news: News) => void {
  return useContext(Notify);
}

const signs: Record<Tone, IconName> = {
  healthy: "check",
  caution: "caution",
  danger: "danger",
  neutral: "help",
};

/** Holds what is being said. */
export function Toasts(props: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly (News & { id: number })[]>([]);
  const notify = useCallback((news: News) => {
    setShown((before) => [...before.slice(-3), { ...news, id: (before.at(-1)?.id ?? 0) + 1 }]);
  }, []);
  const close = useCallback((id: number) => {
    setShown((before) => before.filter((news) => news.id !== id));
  }, []);
  const toasts = useMemo(
    () =>
      shown.map((news) => (
        <Primitive.Root
          key={news.id}
          className={cx(styles.toast, styles[news.tone])}
          // A message that came later lies above a dialog and would take its Escape.
          onEscapeKeyDown={(event) => {
            if (closeDialog()) event.preventDefault();
          }}
          onOpenChange={(open) => {
            if (!open) close(news.id);
          }}
        >
          <Icon name={signs[news.tone]} />
          <div>
            <Primitive.Title className={styles.title}>{news.title}</Primitive.Title>
            {news.detail !== undefined && (
              <Primitive.Description className={styles.detail}>{news.detail}</Primitive.Description>
            )}
          </div>
          <Primitive.Close className={styles.close} aria-label="Close this message">
            <Icon name="close" size={16} />
          </Primitive.Close>
        </Primitive.Root>
      )),
    [shown, close],
  );
  return (
    <Notify value={notify}>
      <Primitive.Provider duration={8000} label="Message">
        {props.children}
        {toasts}
        <Primitive.Viewport className={styles.viewport} />
      </Primitive.Provider>
    </Notify>
  );
}
