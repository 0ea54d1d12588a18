import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useEffect, useEffectEvent, useRef } from "react";
import styles from "./Dialog.module.css";
import { dialogOpened } from "./escape";
import { Icon } from "./Icon";

/** A dialog over the page: keeps the focus, closes by Escape and gives the focus back. */
export function Dialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description: string;
  children: ReactNode;
}) {
  const opener = useRef<HTMLElement>(undefined);
  const close = useEffectEvent(() => props.onOpenChange(false));
  useEffect(() => (props.open ? dialogOpened(() => close()) : undefined), [props.open]);
  return (
    <Primitive.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={styles.veil} />
        <Primitive.Content
          className={styles.dialog}
          onOpenAutoFocus={() => {
            opener.current = openerNow();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            opener.current?.focus();
          }}
        >
          <div className={styles.head}>
            <div>
              <Primitive.Title>{props.title}</Primitive.Title>
              <Primitive.Description className={styles.description}>
                {props.description}
              </Primitive.Description>
            </div>
            <Primitive.Close className={styles.close} aria-label="Close">
              <Icon name="close" />
            </Primitive.Close>
          </div>
          {props.children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** What has the focus; of a menu that closes, the button that opened it. */
function openerNow(): HTMLElement | undefined {
  const focused = document.activeElement;
  const menu = focused?.closest("[role=menu]");
  const button = document.getElementById(menu?.getAttribute("aria-labelledby") ?? "");
  return button ?? (focused instanceof HTMLElement ? focused : undefined);
}
