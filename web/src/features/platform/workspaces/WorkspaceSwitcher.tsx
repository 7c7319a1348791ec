import { Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck, IconPlus, IconSelector, IconUsers } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { NewWorkspaceDialog } from "./NewWorkspaceDialog";
import { roleLabel, switchTo, useWorkspaces } from "./useWorkspaces";
import classes from "./Workspaces.module.css";

/** Says whose rooms one looks at, and leads to the others'. */
export function WorkspaceSwitcher() {
  const { items, current } = useWorkspaces();
  const [isNaming, dialog] = useDisclosure(false);
  if (!current) return null;
  return (
    <>
      <Menu position="bottom-start" width={290} withinPortal>
        <Menu.Target>
          <button type="button" className={classes.switcher} aria-label={`Workspace: ${current.name}`}>
            <span>{current.name}</span>
            <IconSelector size={16} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Workspaces</Menu.Label>
          {items.map((one) => (
            <Menu.Item
              key={one.id}
              aria-current={one.id === current.id}
              rightSection={one.id === current.id ? <IconCheck size={17} aria-hidden /> : undefined}
              onClick={() => one.id !== current.id && switchTo(one)}
            >
              <span className={classes.choice}>
                <span>{one.name}</span>
                <small>{one.is_personal ? "Personal" : roleLabel(one.role)}</small>
              </span>
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item component={Link} to="/workspace" leftSection={<IconUsers size={17} aria-hidden />}>
            Members and settings
          </Menu.Item>
          <Menu.Item leftSection={<IconPlus size={17} aria-hidden />} onClick={dialog.open}>
            New workspace
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <NewWorkspaceDialog isOpen={isNaming} onClose={dialog.close} />
    </>
  );
}
