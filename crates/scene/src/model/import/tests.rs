//! Readers, repairs and assets on small models made here.
