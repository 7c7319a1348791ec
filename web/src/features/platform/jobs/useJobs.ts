import { useQuery } from "@tanstack/react-query";
import { type Job, jobs } from "../../../api";
import { keys } from "../../../app/keys";
import { useLiveMode } from "../../../app/live";

export const isUnderWay = (job: Job) =>
  job.status === "queued" || job.status === "running" || job.status === "retrying";

export function useJobs() {
  const mode = useLiveMode();
  return useQuery({
    queryKey: keys.jobs,
    queryFn: jobs.list,
    staleTime: 5000,
    // Queue positions move without an event of their own.
    refetchInterval: (query) =>
      query.state.data?.items.some(isUnderWay) ? (mode === "live" ? 4000 : 3000) : false,
  });
}

export function useRunningJobs(): number {
  return useJobs().data?.items.filter(isUnderWay).length ?? 0;
}
