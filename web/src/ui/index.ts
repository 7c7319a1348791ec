export { Logo, Mark } from "./Logo";
export { NameDialog } from "./NameDialog";
export { EmptyRoomArt, StyleRoomArt, type StyleSketch } from "./RoomArt";
export { EmptyState, ErrorState, RequestId } from "./States";
export { Toasts } from "./Toasts";
export { toasts, UNDO_MS, undoToast } from "./toasts";
