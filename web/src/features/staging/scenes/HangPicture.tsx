/** The door for a picture of one's own: choose a file, and it hangs. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconFrame } from "@tabler/icons-react";
import { useRef } from "react";
import { asApiError } from "../../../api";
import { PHOTO_ACCEPT } from "../../../lib/photoType";
import classes from "./Panel.module.css";
import type { Editor } from "./useEditor";
import { useOwnPicture } from "./useOwnPicture";

export function HangPicture({ editor, style }: { editor: Editor; style: string }) {
  const input = useRef<HTMLInputElement>(null);
  const bringing = useOwnPicture((original) =>
    editor.hang(
      { original_id: original.id, frame: "black", mat: true },
      original.width / original.height,
      style,
    ),
  );
  return (
    <div className={classes.hang}>
      <input
        ref={input}
        type="file"
        hidden
        accept={PHOTO_ACCEPT}
        data-testid="print-input"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) bringing.mutate(file);
        }}
      />
      <Button
        fullWidth
        variant="default"
        leftSection={<IconFrame size={18} aria-hidden />}
        loading={bringing.isPending}
        onClick={() => input.current?.click()}
      >
        Hang a picture of your own
      </Button>
      {bringing.error && (
        <p className={classes.warning} role="alert">
          <IconAlertTriangle size={18} aria-hidden />
          <span>{asApiError(bringing.error).message}</span>
        </p>
      )}
    </div>
  );
}
