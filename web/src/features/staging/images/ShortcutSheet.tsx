import { Kbd, Modal } from "@mantine/core";
import classes from "./ShortcutSheet.module.css";

const SHORTCUTS: [string[], string][] = [
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

export function ShortcutSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Keyboard shortcuts"
      closeButtonProps={{ "aria-label": "Close shortcuts" }}
    >
      <dl className={classes.list}>
        {SHORTCUTS.map(([pressed, what]) => (
          <div key={what} className={classes.row}>
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
