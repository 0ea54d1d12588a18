import { Popover } from "radix-ui";
import type { ReactNode } from "react";
import styles from "./Explain.module.css";
import { Icon } from "./Icon";

/** A question mark beside a word; pressed, it says what the word means. */
export function Explain(props: { term: string; children: ReactNode }) {
  return (
    <Popover.Root>
      <Popover.Trigger className={styles.button} aria-label={`What is ${props.term}?`}>
        <Icon name="help" size={16} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={styles.bubble} sideOffset={6} collisionPadding={16}>
          {props.children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
