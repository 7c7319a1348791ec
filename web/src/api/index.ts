export {
  accounts,
  BATCH_LIMIT,
  billing,
  images,
  jobs,
  originals,
  projects,
  staging,
  uploads,
} from "./endpoints";
export { browserStream, type LiveEvent, type LiveMode, LiveStream } from "./events";
export * from "./hub";
export type * from "./model";
export * from "./notifications";
export * from "./operator";
export { apiKeys, person, workspaces } from "./people";
export { ApiError, asApiError, type FieldError } from "./problem";
export * from "./scenes";
export { elsewhere, factors, type ProofOfPerson, passkeys } from "./security";
export { type SessionState, session } from "./session";
export { chooseWorkspace, chosenWorkspace } from "./workspace";
