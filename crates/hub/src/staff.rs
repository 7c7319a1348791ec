//! Support staff and moderators: the operators of the instance.

use vitrine_kernel::Error;
use vitrine_platform::Actor;

/// Only operators may go on.
pub fn require(actor: &Actor) -> Result<(), Error> {
    if actor.is_operator {
        Ok(())
    } else {
        Err(Error::forbidden("Only operators of this instance may do this."))
    }
}

/// The same for a single thing that nobody else needs to know of.
pub fn require_or_unknown(actor: &Actor) -> Result<(), Error> {
    if actor.is_operator {
        Ok(())
    } else {
        Err(Error::not_found())
    }
}
