//! Readers and assets on small files made here; the repairs have their tests beside them.

mod files;
mod glb;
mod hostile;
mod library;
