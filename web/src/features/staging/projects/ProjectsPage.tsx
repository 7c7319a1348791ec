import { Button, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Project } from "../../../api";
import { plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { EmptyRoomArt, EmptyState, ErrorState, NameDialog } from "../../../ui";
import { ProjectCard } from "./ProjectCard";
import classes from "./ProjectsPage.module.css";
import { useCreateProject, useDeleteProject, useProjects, useRenameProject } from "./useProjects";

export function ProjectsPage() {
  useTitle("Projects");
  const navigate = useNavigate();
  const list = useProjects();
  const create = useCreateProject();
  const rename = useRenameProject();
  const remove = useDeleteProject();
  const [isCreating, creating] = useDisclosure(false);
  const [renamed, setRenamed] = useState<Project | null>(null);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;

  const newButton = (
    <Button leftSection={<IconPlus size={19} aria-hidden />} onClick={creating.open}>
      New project
    </Button>
  );

  return (
    <>
      <div className={classes.head}>
        <div>
          <h1>Projects</h1>
          {items.length > 0 && <p className={classes.count}>{plural(total, "project")}</p>}
        </div>
        {items.length > 0 && newButton}
      </div>

      {list.isPending && (
        <div className={classes.grid} aria-busy="true">
          {[1, 2, 3, 4, 5, 6].map((n) => (
            <div key={n}>
              <Skeleton className={classes.coverSkeleton} radius="lg" />
              <Skeleton h={14} w="60%" mt={14} />
              <Skeleton h={11} w="38%" mt={9} />
            </div>
          ))}
        </div>
      )}
      {list.isError && items.length === 0 && (
        <ErrorState error={list.error} title="Projects did not load" onRetry={() => void list.refetch()} />
      )}
      {list.isSuccess && items.length === 0 && (
        <EmptyState
          art={<EmptyRoomArt />}
          title="An empty house, so far"
          text="A project holds the photos of one property. Make one, drop your photos of empty rooms into it, and pick a style."
        >
          {newButton}
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.grid}>
          {items.map((project) => (
            <ProjectCard
              key={project.id}
              project={project}
              onRename={() => setRenamed(project)}
              onDelete={() => remove(project)}
            />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}

      <NameDialog
        isOpen={isCreating}
        title="New project"
        action="Create"
        placeholder="12 Garden Street"
        error={create.error}
        isBusy={create.isPending}
        onClose={() => {
          creating.close();
          create.reset();
        }}
        onSubmit={(name) =>
          create.mutate(
            { name },
            {
              onSuccess: (project) =>
                void navigate({ to: "/projects/$projectId", params: { projectId: project.id } }),
            },
          )
        }
      />
      <NameDialog
        isOpen={renamed !== null}
        title="Rename project"
        action="Rename"
        placeholder="12 Garden Street"
        initial={renamed?.name}
        error={rename.error}
        isBusy={rename.isPending}
        onClose={() => {
          setRenamed(null);
          rename.reset();
        }}
        onSubmit={(name) =>
          renamed && rename.mutate({ id: renamed.id, name }, { onSuccess: () => setRenamed(null) })
        }
      />
    </>
  );
}
