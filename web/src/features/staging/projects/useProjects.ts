import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { asApiError, type Page, type Project, projects } from "../../../api";
import { keys } from "../../../app/keys";
import { toasts, undoToast } from "../../../ui";

type ProjectPages = InfiniteData<Page<Project>, number>;

export function useProjects() {
  return useInfiniteQuery({
    queryKey: keys.projects,
    queryFn: ({ pageParam }) => projects.list(pageParam),
    initialPageParam: 1,
    getNextPageParam: (last) => (last.page < last.pages ? last.page + 1 : undefined),
  });
}

export function useProject(id: string) {
  return useQuery({ queryKey: keys.project(id), queryFn: () => projects.get(id) });
}

export function useCreateProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: projects.create,
    meta: { silent: true },
    onSuccess: (project) => {
      client.setQueryData(keys.project(project.id), project);
      void client.invalidateQueries({ queryKey: keys.projects });
    },
  });
}

export function useRenameProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) => projects.update(id, { name }),
    meta: { silent: true },
    onSuccess: (project) => {
      client.setQueryData(keys.project(project.id), project);
      void client.invalidateQueries({ queryKey: keys.projects });
    },
  });
}

/** Gone from the list at once, back with Undo. */
export function useDeleteProject() {
  const client = useQueryClient();
  const reread = () => client.invalidateQueries({ queryKey: keys.projects });
  return (project: Project) => {
    void client.cancelQueries({ queryKey: keys.projects });
    client.setQueryData<ProjectPages>(
      keys.projects,
      (old) =>
        old && {
          ...old,
          pages: old.pages.map((page) => ({
            ...page,
            items: page.items.filter((item) => item.id !== project.id),
          })),
        },
    );
    const failed = (error: unknown) => {
      toasts.show({ tone: "bad", text: asApiError(error).message });
      void reread();
    };
    const done = projects.remove(project.id).then(reread);
    done.catch(failed);
    undoToast(`Deleted “${project.name}”.`, () => {
      done
        .then(() => projects.restore(project.id))
        .then(reread)
        .catch(failed);
    });
  };
}
