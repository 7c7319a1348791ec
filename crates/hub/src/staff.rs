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
