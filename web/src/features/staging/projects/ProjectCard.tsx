import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Project } from "../../../api";
import { ago, plural } from "../../../lib/format";
import { EmptyRoomArt } from "../../../ui";
import classes from "./ProjectCard.module.css";

type Props = { project: Project; onRename: () => void; onDelete: () => void };

export function ProjectCard({ project, onRename, onDelete }: Props) {
  return (
    <li className={classes.card}>
      <Link to="/projects/$projectId" params={{ projectId: project.id }} className={classes.link}>
        <span className={classes.cover}>
          {project.cover_url ? (
            <img src={project.cover_url} alt="" loading="lazy" decoding="async" />
          ) : (
            <EmptyRoomArt width={400} />
          )}
        </span>
        <span className={classes.name}>{project.name}</span>
        <span className={classes.detail}>{detail(project)}</span>
      </Link>
      <Menu position="bottom-end" width={180} withinPortal>
        <Menu.Target>
          <ActionIcon className={classes.menu} aria-label={`More for ${project.name}`}>
            <IconDots size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={17} />} onClick={onRename}>
            Rename
          </Menu.Item>
          <Menu.Item color="brick" leftSection={<IconTrash size={17} />} onClick={onDelete}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function detail(project: Project): string {
  if (project.original_count === 0) return `Empty · made ${ago(project.created_at)}`;
  const parts = [plural(project.original_count, "photo")];
  if (project.image_count > 0) {
    const open = project.image_count - project.ready_count;
    parts.push(`${project.ready_count} furnished`);
    if (open > 0) parts.push(`${open} open`);
  }
  return parts.join(" · ");
}
