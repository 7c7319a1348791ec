//! The product area of print on demand: from trend signals to live listings. It has no slice yet.
