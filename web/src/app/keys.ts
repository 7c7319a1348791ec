/** Names of what the cache holds; one place, so that events and pages agree. */
export const keys = {
  setup: ["setup"] as const,
  me: ["me"] as const,
  sessions: ["sessions"] as const,
  projects: ["projects"] as const,
  project: (id: string) => ["project", id] as const,
  photos: (projectId: string) => ["photos", projectId] as const,
  allPhotos: ["photos"] as const,
  options: ["staging-options"] as const,
  jobs: ["jobs"] as const,
  usage: ["usage"] as const,
  plans: ["plans"] as const,
  scene: (imageId: string) => ["scene", imageId] as const,
  arrangements: (imageId: string, version: number) => ["arrangements", imageId, version] as const,
  versions: (imageId: string) => ["versions", imageId] as const,
  furniture: (filter: object) => ["furniture", filter] as const,
};
