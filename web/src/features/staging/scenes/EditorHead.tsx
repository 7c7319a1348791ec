/** The bar over the picture: the way back, the tools, undo and redo, looking at the photo, saving. */
import { ActionIcon, Button, SegmentedControl, Tooltip } from "@mantine/core";
import {
  IconArmchair,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconCube,
  IconKeyboard,
  IconPaint,
  IconPhoto,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import classes from "./Editor.module.css";
import type { Tool } from "./Stage";
import type { Editor } from "./useEditor";

type Props = {
  editor: Editor;
  projectId: string;
  imageId: string;
  title: string;
  subtitle: string;
  tool: Tool;
  onTool: (tool: Tool) => void;
  isPeeking: boolean;
  onPeek: (isOn: boolean) => void;
  onShortcuts: () => void;
  save: { label: string; isOff: boolean; isBusy: boolean; run: () => void };
};

export function EditorHead(props: Props) {
  const { editor, save } = props;
  return (
    <header className={classes.head}>
      <Tooltip label="Back to the project">
        <ActionIcon
          aria-label="Back to the project"
          size={40}
          renderRoot={(root) => (
            <Link
              {...root}
              to="/projects/$projectId"
              params={{ projectId: props.projectId }}
              search={{ view: props.imageId }}
            />
          )}
        >
          <IconArrowLeft size={21} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <div className={classes.titles}>
        <h1 className={classes.title}>{props.title}</h1>
        <span className={classes.sub}>{props.subtitle}</span>
      </div>
      <SegmentedControl
        className={classes.toolSwitch}
        aria-label="Tool"
        value={props.tool}
        onChange={(tool) => props.onTool(tool as Tool)}
        data={[
          {
            value: "furniture",
            label: <ToolLabel icon={<IconArmchair size={18} aria-hidden />} text="Furniture" />,
          },
          {
            value: "surfaces",
            label: <ToolLabel icon={<IconPaint size={18} aria-hidden />} text="Surfaces" />,
          },
          { value: "room", label: <ToolLabel icon={<IconCube size={18} aria-hidden />} text="Room" /> },
        ]}
      />
      <div className={classes.headTools}>
        <Tooltip label="Undo">
          <ActionIcon aria-label="Undo" size={40} disabled={!editor.canUndo} onClick={editor.undo}>
            <IconArrowBackUp size={21} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Redo">
          <ActionIcon aria-label="Redo" size={40} disabled={!editor.canRedo} onClick={editor.redo}>
            <IconArrowForwardUp size={21} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={props.isPeeking ? "Show the furniture" : "Show the photo alone"}>
          <ActionIcon
            aria-label="Show the photo alone"
            aria-pressed={props.isPeeking}
            className={classes.peek}
            size={40}
            onClick={() => props.onPeek(!props.isPeeking)}
          >
            <IconPhoto size={21} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Keyboard shortcuts">
          <ActionIcon
            className={classes.deskOnly}
            aria-label="Keyboard shortcuts"
            size={40}
            onClick={props.onShortcuts}
          >
            <IconKeyboard size={21} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </div>
      <Button className={classes.save} disabled={save.isOff} loading={save.isBusy} onClick={save.run}>
        {save.label}
      </Button>
    </header>
  );
}

function ToolLabel({ icon, text }: { icon: React.ReactNode; text: string }) {
  return (
    <span className={classes.toolLabel}>
      {icon}
      {text}
    </span>
  );
}
