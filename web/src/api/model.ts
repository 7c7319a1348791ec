/** The names the interface uses for what the server sends. The only file to mend when a schema is renamed. */
import type { components } from "./types";

type Schemas = components["schemas"];

export type AccountExport = Schemas["AccountExport"];
export type ApiKey = Schemas["ApiKey"];
export type ApiKeyScope = Schemas["ApiKeyScope"];
export type AuthTokens = Schemas["AuthTokens"];
export type BatchResult = Schemas["BatchReply"];
export type CompletedUpload = Schemas["CompletedUpload"];
export type Engine = Schemas["EngineInfo"];
export type Image = Schemas["ImageReply"];
export type ImageStatus = Schemas["ImageStatus"];
export type ItemError = Schemas["ImageFailure"];
export type Invitation = Schemas["Invitation"];
export type Job = Omit<Schemas["Job"], "status"> & { status: JobStatus };
export type JobStatus = "queued" | "running" | "retrying" | "done" | "dead" | "canceled";
export type Me = Schemas["Me"];
export type Member = Schemas["Member"];
export type NewImage = Schemas["CreateImage"];
export type Original = Schemas["Original"];
export type Passkey = Schemas["Passkey"];
export type LinkedIdentity = Schemas["LinkedIdentity"];
export type PhotoGroup = Schemas["ImageGroup"];
export type Plan = Schemas["Plan"];
export type Preferences = Schemas["Preferences"];
export type Presigned = Schemas["PresignReply"];
export type Problem = Schemas["Problem"];
export type Profile = Schemas["Profile"];
export type Project = Schemas["Project"];
export type Session = Schemas["Session"];
export type StagingOptions = Schemas["StagingOptions"];
export type TotpSetup = Schemas["TotpSetup"];
export type TotpStatus = Schemas["TotpStatus"];
export type Usage = Schemas["Usage"];
export type User = Schemas["User"];
export type Workspace = Schemas["Workspace"];
export type WorkspaceRole = Schemas["Role"];
export type SolveRequest = Schemas["SolveScene"];
export type Solved = Pick<Scene, "camera" | "room" | "corners_px">;
export type Arrangement = Omit<Schemas["ScenePlan"], "furniture"> & { furniture: Furniture[] };
export type CatalogueItem = Schemas["Furniture"];

/** What a scene answers with is complete; only a change may leave things out. */
export type Furniture = Required<Omit<Schemas["SceneFurniture"], "print">> & { print?: Print | null };
/** A person's own picture in a frame, instead of the catalogue's art. */
export type PrintFrame = "black" | "white" | "oak" | "walnut" | "gold" | "none";
export type Print = {
  original_id?: string | null;
  frame: PrintFrame;
  mat: boolean;
  /** The server's copy of the picture. */
  artwork?: string | null;
  /** Width / height of the picture. */
  aspect?: number | null;
};
export type RoomBox = Required<Schemas["SceneRoom"]>;
/** With the size of its picture, which its lens is described by; the server knows that and is not told. */
export type SceneCamera = Schemas["SceneCamera"] & { picture_px?: [width: number, height: number] };
export type SceneCorners = Required<Schemas["SceneCorners"]>;
export type Redecoration = Schemas["Redecoration"];
export type SceneChange = {
  camera?: SceneCamera;
  room?: RoomBox;
  furniture?: Furniture[];
  redecoration?: Redecoration;
  straightened?: { from: SceneCamera | null };
  plan?: number;
};
export type Credit = Schemas["FurnitureCredit"];
export type StraightenRequest = Schemas["StraightenScene"];
export type StraightenedScene = Pick<Scene, "camera" | "room" | "corners_px" | "straightened">;
export type SceneVersion = Schemas["ImageVersion"];
export type Scene = Omit<Schemas["Scene"], "room" | "furniture" | "corners_px"> & {
  room: RoomBox;
  furniture: Furniture[];
  corners_px: SceneCorners;
};

/** An offset page; every list route sends one when neither `limit` nor `cursor` is given. */
export type Page<T> = { items: T[]; total: number; page: number; page_size: number; pages: number };
