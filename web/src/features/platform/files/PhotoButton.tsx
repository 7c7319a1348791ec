import { Button, type ButtonProps } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useRef } from "react";
import { PHOTO_ACCEPT } from "../../../lib/photoType";

/** Opens the file chooser; on a phone it offers the camera as well. */
export function PhotoButton({ onFiles, ...rest }: { onFiles: (files: File[]) => void } & ButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={PHOTO_ACCEPT}
        data-testid="photo-input"
        onChange={(event) => {
          const files = Array.from(event.currentTarget.files ?? []);
          event.currentTarget.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
      <Button
        leftSection={<IconUpload size={18} aria-hidden />}
        {...rest}
        onClick={() => input.current?.click()}
      >
        Add photos
      </Button>
    </>
  );
}
