import { Kbd, Modal } from "@mantine/core";
import classes from "./ShortcutSheet.module.css";

type Shortcut = [keys: string[], what: string];

const SHORTCUTS: Shortcut[] = [
  [["←", "→"], "Move the line by 1 %"],
  [["Shift", "←", "→"], "Move the line by 10 %"],
  [["Space"], "Hold to see the photo alone"],
  [["J", "K"], "Next, previous photo"],
  [["[", "]"], "Previous, next variant"],
  [["+", "−", "0"], "Zoom in, out, fit"],
  [["D"], "Download"],
  [["Delete"], "Delete this image"],
  [["I"], "Show or hide details"],
  [["Esc"], "Close"],
];

type Props = { isOpen: boolean; onClose: () => void; shortcuts?: Shortcut[] };

export function ShortcutSheet({ isOpen, onClose, shortcuts = SHORTCUTS }: Props) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Keyboard shortcuts"
      closeButtonProps={{ "aria-label": "Close shortcuts" }}
    >
      <dl className={classes.list}>
        {shortcuts.map(([pressed, what]) => (
          <div key={`${pressed}${what}`} className={classes.row}>
            <dt>{what}</dt>
            <dd>
              {pressed.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
