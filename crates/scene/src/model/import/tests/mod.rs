//! Readers and assets on small files made here; the repairs have their tests beside them.

pub(crate) mod files;
pub(crate) mod glb;
mod hostile;
mod library;
