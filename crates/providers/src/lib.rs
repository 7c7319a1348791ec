//! Clients of outside services, each a folder with its trait, the real client, a fake and recorded replies. None is
//! needed by the built-in engine; Replicate is the first to come.
